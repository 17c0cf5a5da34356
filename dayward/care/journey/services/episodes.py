"""The episode: start, hold, flag, change of track, and its end (T13-T23, T27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.journey.events import EpisodeEnded, HoldChanged, SegmentChanged
from dayward.care.journey.models import DischargeType, Episode, Hold, Segment
from dayward.care.journey.permissions import OVERRIDE
from dayward.care.journey.queries.facts import open_hold, open_segment
from dayward.care.journey.queries.moving import amount_of
from dayward.care.journey.rules.leaving import Ending, has_aftercare, lacking
from dayward.care.journey.rules.stepping import Amount, is_less
from dayward.care.journey.services.admission import Place, check_place
from dayward.care.journey.services.aftercare import open_aftercare
from dayward.care.journey.services.intake import Handover, log_handoff
from dayward.care.journey.services.steps import lock, staff_of, take_step
from dayward.foundation.access.queries import may
from dayward.foundation.audit.actors import Actor
from dayward.foundation.consent.services import end_of_treatment
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.facts import changed
from dayward.kernel.time import local_day


@transaction.atomic
def note_service(*, episode: Episode, on: date, actor: Actor, at: datetime | None = None) -> Episode:
    """A clinical service was delivered and confirmed on a day; the first one starts treatment (T13)."""
    current = lock(episode)
    _check_open_on(current, on)
    before, last = current.first_service_on, current.last_service_on
    current.first_service_on = min(filter(None, (before, on)))
    current.last_service_on = max(filter(None, (last, on)))
    if (current.first_service_on, current.last_service_on) != (before, last):
        current.save(update_fields=["first_service_on", "last_service_on"])
    if current.state == "admitted":
        take_step(current, "start_treatment", actor=actor, at=at)
    elif current.first_service_on != before:
        changed(current.person_id)
    return current


@transaction.atomic
def take_back_service(
    *, episode: Episode, first: date | None, last: date | None, actor: Actor, at: datetime | None = None
) -> Episode:
    """What was confirmed was a mistake: `first` and `last` are the days left; with none treatment has not begun."""
    current = lock(episode)
    current.first_service_on, current.last_service_on = first, last
    current.save(update_fields=["first_service_on", "last_service_on"])
    if current.state == "first_week" and first is None:
        take_step(current, "take_back_start", actor=actor, at=at)
    else:
        changed(current.person_id)
    return current


def _check_open_on(episode: Episode, day: date) -> None:
    """A roll confirmed late may still tell of a day before the end; nothing after it, and never of "never started"."""
    if episode.state == "never_started":
        raise Refused(_("The episode was closed as never started. Open a new intake case first."))
    if episode.effective_end is not None and day > episode.effective_end:
        message = _("The episode ended on %(day)s. Open a new intake case first.")
        raise Refused(message % {"day": date_format(episode.effective_end)})


@transaction.atomic
def flag_at_risk(*, actor: Actor, episode: Episode, reason: str, at: datetime | None = None) -> Episode:
    """T15: the team looks closer. A flag, not a state."""
    current = lock(episode)
    when = at or timezone.now()
    take_step(
        current,
        "flag_at_risk",
        actor=actor,
        reason=reason,
        at=at,
        at_risk_at=when,
        at_risk_by=actor.id,
        at_risk_reason=reason.strip()[:200],
    )
    return current


@transaction.atomic
def clear_at_risk(*, actor: Actor, episode: Episode, reason: str, at: datetime | None = None) -> Episode:
    """T15: what the flag was for is answered."""
    current = lock(episode)
    if current.at_risk_at is None:
        raise Refused(_("There is no flag to take off."))
    take_step(
        current,
        "clear_at_risk",
        actor=actor,
        reason=reason,
        at=at,
        at_risk_at=None,
        at_risk_by=None,
        at_risk_reason="",
    )
    return current


@dataclass(frozen=True)
class Away:
    """A stretch away: why, from when, and the expected return."""

    reason: str
    starts_on: date
    expected_return: date
    note: str = ""


@transaction.atomic
def hold(*, actor: Actor, episode: Episode, away: Away, at: datetime | None = None) -> Hold:
    """T16: within the longest hold the program allows; a longer absence ends the episode."""
    current = lock(episode)
    if away.expected_return < away.starts_on:
        raise Refused(_("The expected return is before the start."))
    if open_hold(current) is not None:
        raise Refused(_("The person is on hold already; end that hold first."))
    when = at or timezone.now()
    row = Hold.objects.create(
        episode=current,
        reason=away.reason,
        note=away.note,
        starts_on=away.starts_on,
        expected_return=away.expected_return,
        set_at=when,
        set_by=actor.id,
    )
    publish(HoldChanged(current.pk, row.starts_on, row.expected_return, None, when, actor))
    reason = away.note.strip() or str(row.get_reason_display())
    take_step(current, "hold", actor=actor, reason=reason, at=at)
    return row


@transaction.atomic
def return_from_hold(*, actor: Actor, episode: Episode, on: date, at: datetime | None = None) -> Episode:
    """T16: back on `on`, to where the person was before."""
    current = lock(episode)
    row = open_hold(current)
    if row is None:
        raise Refused(_("There is no hold to end."))
    if on < row.starts_on:
        raise Refused(_("The day back is before the hold began."))
    before = (
        current.transitions.filter(key="hold").order_by("-id").values_list("from_state", flat=True).first()
    )
    key = "return_to_active" if before == "active" else "return_to_first_week"
    _end_hold(current, on, actor=actor, at=at)
    take_step(current, key, actor=actor, at=at)
    return current


def _end_hold(episode: Episode, on: date, *, actor: Actor, at: datetime | None) -> None:
    row = open_hold(episode)
    if row is not None:
        row.ended_on = max(on, row.starts_on)
        row.save(update_fields=["ended_on"])
        when = at or timezone.now()
        publish(HoldChanged(episode.pk, row.starts_on, row.expected_return, row.ended_on, when, actor))


@transaction.atomic
def change_track(
    *, actor: Actor, episode: Episode, place: Place, reason: str, at: datetime | None = None
) -> Segment:
    """T20: the open segment closes and another opens at the same level, in the same episode."""
    current = lock(episode)
    old = open_segment(current)
    if old is None or place.starts_on < old.starts_on:
        raise Refused(_("The change is before the present segment began."))
    if place.starts_on < local_day(at or timezone.now(), current.program.site.zone):
        raise Refused(_("What was given and counted stays: the change begins today or later."))
    if is_less(Amount(old.level, place.days_per_week, place.prescribed_minutes), amount_of(old)):
        raise Refused(_("Fewer days or hours are a step down, which has a page of its own."))
    check_place(current.program, place)
    old.ends_on = place.starts_on
    old.save(update_fields=["ends_on"])
    new = Segment.objects.create(
        episode=current,
        level=old.level,
        track=place.track,
        days_per_week=place.days_per_week,
        prescribed_minutes=place.prescribed_minutes,
        starts_on=place.starts_on,
        reason=reason.strip(),
    )
    publish(SegmentChanged(current.pk, new.pk, new.starts_on, actor))
    take_step(current, "move_sideways", actor=actor, reason=reason, at=at)
    return new


@transaction.atomic
def never_started(*, actor: Actor, episode: Episode, reason: str, at: datetime | None = None) -> Episode:
    """Admitted, but no service was ever delivered."""
    current = lock(episode)
    day = local_day(at or timezone.now(), current.program.site.zone)
    return _end(current, "close_never_started", actor=actor, reason=reason, last_day=day, at=at)


@transaction.atomic
def discharge(
    *,
    actor: Actor,
    episode: Episode,
    kind: str,
    reason: str = "",
    on: date | None = None,
    administrative_reason: str = "",
    appeal_told_on: date | None = None,
    aftercare: bool = True,
    at: datetime | None = None,
) -> Episode:
    """T22: the episode ends with a type (4.3). An administrative one is a director's to sign.

    `aftercare`: open the calls after discharge in the same act, where the type has them.
    """
    if kind in (DischargeType.LOST, DischargeType.STEPPED_UP, DischargeType.DECEASED):
        raise Refused(_("Lost contact, a step-up and a death have their own steps."))
    _check_ending(Ending(kind, reason, administrative_reason, appeal_told_on is not None))
    current = lock(episode)
    when = at or timezone.now()
    last_day = _last_day(current, on, local_day(when, current.program.site.zone))
    current.discharge_type = kind
    if kind == DischargeType.ADMINISTRATIVE:
        current.administrative_reason, current.appeal_told_on = administrative_reason, appeal_told_on
        if may(actor.user, OVERRIDE, current.program.site):
            current.director_signed_at, current.director_signed_by = when, staff_of(actor)
    _keep_type(current)
    ended = _end(current, "discharge", actor=actor, reason=reason, last_day=last_day, at=at)
    if aftercare and has_aftercare(kind):
        open_aftercare(actor=actor, episode=ended, at=at)
    return ended


def _last_day(episode: Episode, on: date | None, today: date) -> date:
    """The last day of treatment: none that is still to come (tomorrow at most), none before a service given."""
    if on is not None and (on - today).days > 1:
        raise Refused(_("The last day is still to come. Plan the discharge until then."))
    last = episode.last_service_on
    if on is not None and last is not None and on < last:
        raise Refused(_("The last day is before the last service, on %(day)s.") % {"day": date_format(last)})
    return on or today


def _check_ending(ending: Ending) -> None:
    """4.3: a type asks for its reason; ending it from our side asks for a fair one, told with how to appeal."""
    sentences = {
        "reason": _("This type of discharge needs its reason."),
        "administrative_reason": _(
            "Choose why the program ends it. A positive drug test alone is no reason to discharge."
        ),
        "appeal": _("Give the person the notice with how to appeal, and write down the day."),
    }
    if missing := lacking(ending):
        raise Refused(reasons=[sentences[each] for each in missing])


@transaction.atomic
def end_for_death(*, actor: Actor, episode: Episode, at: datetime | None = None) -> Episode:
    """T27: the day of death is the last day."""
    current = lock(episode)
    current.discharge_type = DischargeType.DECEASED
    _keep_type(current)
    died = current.person.deceased_on or local_day(at or timezone.now(), current.program.site.zone)
    return _end(current, "close_episode_deceased", actor=actor, reason="", last_day=died, at=at)


def _keep_type(episode: Episode) -> None:
    """Written before the step, so that its evidence is found in the row; all in one transaction."""
    if episode.discharge_type == DischargeType.ADMINISTRATIVE and episode.director_signed_at is None:
        raise Refused(_("The program director has to sign an administrative discharge."))
    fields = ("administrative_reason", "appeal_told_on", "director_signed_at", "director_signed_by")
    episode.save(update_fields=["discharge_type", *fields])


@transaction.atomic
def discharge_lost(*, actor: Actor, episode: Episode, reason: str, at: datetime | None = None) -> Episode:
    """T23: nobody can reach the person; effective on the last day of service."""
    current = lock(episode)
    zone = current.program.site.zone
    day = current.last_service_on or local_day(current.admitted_at, zone)
    current.discharge_type = DischargeType.LOST
    _keep_type(current)
    return _end(current, "discharge_lost", actor=actor, reason=reason, last_day=day, at=at)


@transaction.atomic
def step_up(
    *, actor: Actor, episode: Episode, handover: Handover, reason: str, at: datetime | None = None
) -> Episode:
    """T19: the receiving program has accepted, the packet is sent, safety meanwhile is settled."""
    current = lock(episode)
    log_handoff(actor=actor, episode=current, handover=handover, at=at)
    current.discharge_type = DischargeType.STEPPED_UP
    _keep_type(current)
    day = local_day(at or timezone.now(), current.program.site.zone)
    return _end(current, "step_up", actor=actor, reason=reason, last_day=day, at=at)


def _end(
    episode: Episode, key: str, *, actor: Actor, reason: str, last_day: date, at: datetime | None
) -> Episode:
    when = at or timezone.now()
    segment = open_segment(episode)
    if segment is not None:
        segment.ends_on = max(segment.starts_on, last_day + timedelta(days=1))
        segment.save(update_fields=["ends_on"])
    _end_hold(episode, last_day, actor=actor, at=at)
    publish(EpisodeEnded(episode.pk, last_day, actor))
    _end_consents(episode, when, actor=actor)
    take_step(
        episode,
        key,
        actor=actor,
        reason=reason,
        at=at,
        ended_at=when,
        ended_by=staff_of(actor),
        effective_end=last_day,
        end_reason=reason.strip(),
    )
    return episode


def _end_consents(episode: Episode, when: datetime, *, actor: Actor) -> None:
    """What was allowed "until treatment here ends" ends with the day of discharge, unless another episode is open."""
    person = episode.person
    others = Episode.objects.filter(person_id__in=person.all_ids, ended_at__isnull=True).exclude(
        pk=episode.pk
    )
    if not others.exists():
        end_of_treatment(actor=actor, person=person, on=local_day(when, episode.program.site.zone))
