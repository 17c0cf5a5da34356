"""The first-week list and the end of getting started (W01-W04, T14)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode, WeekOneItem
from dayward.care.journey.rules.first_week import wanting
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed


@transaction.atomic
def tick_item(
    *, actor: Actor, episode: Episode, kind: str, text: str = "", at: datetime | None = None
) -> WeekOneItem:
    """Something of the list was done; told again, the newer word counts and the older one stays readable."""
    current = lock(episode)
    if current.ended_at is not None:
        raise Refused(_("The episode has ended."))
    if wrong := wanting(kind, text):
        raise Refused(
            _("Write at least two goals, one a line, in the person's own words.")
            if wrong == "goals"
            else _("Please write down what was said.")
        )
    when = at or timezone.now()
    _standing(current, kind).update(withdrawn_at=when, withdrawn_by=actor.id)
    item = WeekOneItem.objects.create(
        episode=current, kind=kind, text=text.strip(), done_at=when, done_by=actor.id
    )
    changed(current.person_id, "week_one")
    record(actor=actor, action="journey.tick_item", person=current.person, subject=item, item=kind)
    return item


def _standing(episode: Episode, kind: str) -> QuerySet[WeekOneItem]:
    return WeekOneItem.objects.filter(episode=episode, kind=kind, withdrawn_at__isnull=True)


@transaction.atomic
def untick_item(*, actor: Actor, episode: Episode, kind: str, at: datetime | None = None) -> None:
    """Undo: it was not done. What was written stays in the record."""
    current = lock(episode)
    if not _standing(current, kind).update(withdrawn_at=at or timezone.now(), withdrawn_by=actor.id):
        raise Refused(_("This is not ticked."))
    changed(current.person_id, "week_one")
    record(actor=actor, action="journey.untick_item", person=current.person, subject=current, item=kind)


@transaction.atomic
def finish_first_week(
    *, actor: Actor, episode: Episode, reason: str = "", at: datetime | None = None
) -> Episode:
    """T14: the list is done and the plan signed; what is missing is said, and goes along as a warning."""
    current = lock(episode)
    take_step(current, "finish_first_week", actor=actor, reason=reason, at=at)
    return current


@transaction.atomic
def review_stay(*, actor: Actor, episode: Episode, reason: str = "", at: datetime | None = None) -> Episode:
    """T17: the team has looked at the stay, by the review of the plan."""
    current = lock(episode)
    take_step(current, "review_stay", actor=actor, reason=reason, at=at)
    return current
