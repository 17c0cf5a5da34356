"""From the decided level to an episode with its first segment (T12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.events import CaseMoved, EpisodeBegan
from dayward.care.journey.models import AdmissionItem, AftercareCase, Episode, IntakeCase, Segment
from dayward.care.journey.queries.facts import terms_of
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.services.intake import end_waiting
from dayward.care.journey.services.steps import lock, staff_of, take_step
from dayward.foundation.access.services import add_to_care_team
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish


@dataclass(frozen=True)
class Place:
    """The seat somebody is admitted to, and the weekly amount prescribed (N05)."""

    track: Track
    days_per_week: int
    prescribed_minutes: int
    starts_on: date
    level: str = Segment.Level.IOP
    reason: str = ""  # why fewer hours than the floor, where that is so


@transaction.atomic
def tick_paper(
    *, actor: Actor, case: IntakeCase, kind: str, note: str = "", at: datetime | None = None
) -> AdmissionItem:
    """Something was gone through with the person; told again, the newer word counts."""
    item, _made = AdmissionItem.objects.update_or_create(
        case=case,
        kind=kind,
        defaults={"note": note.strip(), "done_at": at or timezone.now(), "done_by": actor.id},
    )
    record(
        actor=actor, action="journey.tick_paper", person=case.person, subject=item, site=case.site, paper=kind
    )
    return item


@transaction.atomic
def admit(
    *,
    actor: Actor,
    case: IntakeCase,
    place: Place,
    therapist: StaffMember | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Episode:
    """T12: the hard gates refuse with what is missing; then an episode begins, with its first segment."""
    current = lock(case)
    when = at or timezone.now()
    if current.program is None:
        raise Refused(_("Choose the program first."))
    check_place(current.program, place)
    end_waiting(current, actor=actor, at=at)
    take_step(current, "admit", actor=actor, reason=reason, at=at, planned_for=None)
    episode = _begin(current, actor=actor, when=when)
    _open_segment(episode, place)
    if therapist is not None:
        add_to_care_team(actor=actor, person=current.person, staff=therapist, function="primary_therapist")
    publish(CaseMoved(current.pk, "admit", current.state, actor))
    publish(EpisodeBegan(episode.pk, actor))
    _come_back(current, actor=actor, at=at)
    take_step(episode, "begin_episode", actor=actor, at=at)
    return episode


def _come_back(case: IntakeCase, *, actor: Actor, at: datetime | None) -> None:
    """T26: the follow-up of the episode before ends where the new one begins."""
    open_ones = AftercareCase.objects.filter(
        episode=case.previous_episode_id, state__in=open_states(Machine.AFTERCARE)
    )
    for aftercare in open_ones:
        take_step(lock(aftercare), "come_back", actor=actor, at=at)


def _begin(case: IntakeCase, *, actor: Actor, when: datetime) -> Episode:
    assert case.program is not None
    try:
        with transaction.atomic():
            return Episode.objects.create(
                person=case.person,
                program=case.program,
                case=case,
                previous=case.previous_episode,
                entry_mode=case.entry_mode,
                state="admitted",
                state_since=when,
                admitted_at=when,
                admitted_by=staff_of(actor),
            )
    except IntegrityError:
        raise Refused(_("The person has an open episode in this program already.")) from None


def _open_segment(episode: Episode, place: Place) -> Segment:
    return Segment.objects.create(
        episode=episode,
        level=place.level,
        track=place.track,
        days_per_week=place.days_per_week,
        prescribed_minutes=place.prescribed_minutes,
        starts_on=place.starts_on,
        reason=place.reason,
    )


def check_place(program: Program, place: Place) -> None:
    """The track belongs to the program; fewer minutes than the floor take a reason (1.2)."""
    if place.track.program_id != program.pk:
        raise Refused(_("The track does not belong to the program."))
    if not 1 <= place.days_per_week <= 7:
        raise Refused(_("Days per week are between 1 and 7."))
    if place.level == Segment.Level.OP:  # outpatient care has no floor (N12)
        return
    floor = terms_of(program, place.starts_on).floor_minutes
    if place.prescribed_minutes < floor and not place.reason.strip():
        message = _("The program's floor is %(hours)s hours a week. Give a reason for prescribing less.")
        raise Refused(message % {"hours": f"{floor / 60:g}"})
