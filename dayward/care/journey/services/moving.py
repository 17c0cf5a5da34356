"""Fewer days or hours: the step down, and the taper that plans it (T18, N12, F14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.events import SegmentChanged
from dayward.care.journey.models import Episode, Segment, TaperStep
from dayward.care.journey.queries.facts import open_segment, terms_of
from dayward.care.journey.queries.moving import amount_of
from dayward.care.journey.rules.stepping import Amount, Planned, is_less
from dayward.care.journey.services.admission import Place, check_place
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.time import local_day


@transaction.atomic
def step_down(
    *,
    actor: Actor,
    episode: Episode,
    place: Place,
    keep: frozenset[int] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Segment:
    """T18: fewer days or hours. The segment closes, another opens; seats on the weekdays in `keep` go along.

    Without `keep` all seats end, and the week is found anew.
    """
    current = lock(episode)
    old = _check_down(current, place, local_day(at or timezone.now(), current.program.site.zone))
    if keep is not None and len(keep) > place.days_per_week:
        raise Refused(_("More days are kept than are prescribed from now on."))
    planned = TaperStep.objects.filter(
        episode=current,
        dropped_at__isnull=True,
        segment__isnull=True,
        level=place.level,
        days_per_week=place.days_per_week,
    ).first()
    new = _replace(current, old, place, reason)
    if planned is not None:
        planned.segment = new
        planned.save(update_fields=["segment"])
    publish(SegmentChanged(current.pk, new.pk, new.starts_on, actor, keep))
    take_step(current, "step_down", actor=actor, reason=reason, at=at)
    return new


def _check_down(episode: Episode, place: Place, today: date) -> Segment:
    old = open_segment(episode)
    if old is None or place.starts_on <= old.starts_on:
        raise Refused(_("The change is before the present segment began."))
    if place.starts_on < today:
        raise Refused(_("A step down begins today or later; what was attended already stays as it was."))
    if not is_less(Amount(place.level, place.days_per_week, place.prescribed_minutes), amount_of(old)):
        raise Refused(_("A step down has fewer days or hours, and more of nothing."))
    check_place(episode.program, place)
    return old


def _replace(episode: Episode, old: Segment, place: Place, reason: str) -> Segment:
    old.ends_on = place.starts_on
    old.save(update_fields=["ends_on"])
    return Segment.objects.create(
        episode=episode,
        level=place.level,
        track=place.track,
        days_per_week=place.days_per_week,
        prescribed_minutes=place.prescribed_minutes,
        starts_on=place.starts_on,
        reason=(place.reason or reason).strip(),
    )


@transaction.atomic
def plan_taper(
    *, actor: Actor, episode: Episode, steps: Iterable[Planned], at: datetime | None = None
) -> list[TaperStep]:
    """F14: the steps planned from now on, in place of those planned before and not taken."""
    current, when = lock(episode), at or timezone.now()
    if current.ended_at is not None:
        raise Refused(_("The episode has ended."))
    wanted = sorted(steps, key=lambda step: step.on)
    _check_taper(current, wanted)
    _waiting(current).update(dropped_at=when, dropped_by=actor.id)
    try:
        made = [_planned(current, step, when, actor) for step in wanted]
    except IntegrityError:
        raise Refused(_("Two steps begin on the same day.")) from None
    record(actor=actor, action="journey.plan_taper", person=current.person, subject=current, steps=len(made))
    return made


def _check_taper(episode: Episode, steps: list[Planned]) -> None:
    segment = open_segment(episode)
    before = amount_of(segment) if segment else None
    for step in steps:
        if before is not None and not is_less(step.amount, before):
            raise Refused(_("Each planned step has fewer days or hours than the one before."))
        if segment is not None and step.on <= segment.starts_on:
            raise Refused(_("A planned step is before the present segment began."))
        terms_of(episode.program, step.on)
        before = step.amount


def _planned(episode: Episode, step: Planned, when: datetime, actor: Actor) -> TaperStep:
    return TaperStep.objects.create(
        episode=episode,
        starts_on=step.on,
        level=step.amount.level,
        days_per_week=step.amount.days,
        prescribed_minutes=step.amount.minutes,
        planned_at=when,
        planned_by=actor.id,
    )


def _waiting(episode: Episode) -> QuerySet[TaperStep]:
    return TaperStep.objects.filter(episode=episode, dropped_at__isnull=True, segment__isnull=True)
