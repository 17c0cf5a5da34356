"""The way in up to the assessment: inquiry, screening, contacts, hand-off, waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program, Track
from dayward.care.journey.events import CaseMoved, HoursBlock, OwnHoursTold
from dayward.care.journey.models import (
    ContactAttempt,
    EntryMode,
    Episode,
    Handoff,
    Inquiry,
    IntakeCase,
    WaitlistEntry,
)
from dayward.care.journey.queries.facts import today_at
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.events import publish

CLOSING = {"decline": "decline", "withdraw": "withdraw", "no_contact": "close_no_contact"}


@dataclass(frozen=True)
class FirstContact:
    """What was said on the first contact (T1)."""

    by_other: bool = False
    inquirer_name: str = ""
    inquirer_relation: str = ""
    inquirer_phone: str = ""
    inquirer_email: str = ""
    person_knows: bool | None = None
    may_call_back: bool = True
    best_time: str = ""
    message: str = ""
    heard_from: str = ""


@dataclass(frozen=True)
class ComesFrom:
    """How somebody comes, and from where (A03, A04)."""

    entry_mode: str = EntryMode.STAND_ALONE
    sending_facility: str = ""
    facility_discharge_date: date | None = None
    referring_clinician: str = ""
    hospital_diversion: bool = False


@transaction.atomic
def open_inquiry(
    *,
    actor: Actor,
    site: Site,
    person: Person,
    source: str,
    contact: FirstContact | None = None,
    comes_from: ComesFrom | None = None,
    program: Program | None = None,
    owner: StaffMember | None = None,
    at: datetime | None = None,
) -> IntakeCase:
    """T1: somebody asked for help, for themselves or for somebody else."""
    when = at or timezone.now()
    existing = open_case_of(person, site)
    if existing is not None:
        raise Refused(_("There is an open intake case for this person already."))
    case = IntakeCase(
        site=site,
        person=person,
        program=program,
        source=source,
        state="inquiry",
        state_since=when,
        opened_at=when,
        opened_by=actor.id,
        owner=owner,
        previous_episode=_episode_before(person),
        **asdict(comes_from or ComesFrom()),
    )
    _save_new(case)
    Inquiry.objects.create(
        case=case, received_at=when, received_by=actor.id, **asdict(contact or FirstContact())
    )
    publish(CaseMoved(case.pk, "open_inquiry", "inquiry", actor))
    take_step(case, "open_inquiry", actor=actor, at=when)
    return case


def _save_new(case: IntakeCase) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:  # somebody opened one at the same moment
        raise Refused(_("There is an open intake case for this person already.")) from None


def open_case_of(person: Person, site: Site) -> IntakeCase | None:
    """The person's open case at the site, if there is one."""
    return (
        IntakeCase.objects.open()
        .filter(person_id__in=person.all_ids, site=site)
        .select_related("person")
        .first()
    )


def _episode_before(person: Person) -> Episode | None:
    """Somebody who comes back: the last episode that ended (re-entry is a new episode, linked)."""
    return (
        Episode.objects.filter(person_id__in=person.all_ids, ended_at__isnull=False)
        .order_by("-effective_end", "-id")
        .first()
    )


def update_case(case: IntakeCase, changes: Mapping[str, Any]) -> None:
    """Within a service that has locked the case and records what it does."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*changes, "version"])


@transaction.atomic
def edit_case(*, actor: Actor, case: IntakeCase, version: int, **changes: Any) -> IntakeCase:
    """Owner, program, entry mode, sending facility, planned next contact."""
    current = lock(case)
    if current.version != version:
        raise Conflict
    changed = {name: value for name, value in changes.items() if getattr(current, name) != value}
    if changed:
        update_case(current, changed)
        record(
            actor=actor,
            action="journey.edit_case",
            person=current.person,
            subject=current,
            site=current.site,
            fields=sorted(changed),
        )
    return current


@transaction.atomic
def log_contact(
    *,
    actor: Actor,
    mode: str,
    outcome: str,
    note: str = "",
    case: IntakeCase | None = None,
    episode: Episode | None = None,
    next_at: datetime | None = None,
    at: datetime | None = None,
) -> ContactAttempt:
    """Somebody tried to reach the person; `next_at` plans the next try."""
    attempt = ContactAttempt.objects.create(
        case=case,
        episode=episode,
        mode=mode,
        outcome=outcome,
        note=note,
        made_at=at or timezone.now(),
        made_by=actor.id,
    )
    if case is not None:
        update_case(lock(case), {"planned_for": next_at})
    person = case.person if case else episode.person if episode else None
    record(actor=actor, action="journey.log_contact", person=person, subject=attempt, outcome=outcome)
    return attempt


@dataclass(frozen=True)
class Handover:
    """Where a person is handed to (T3, T9, T19)."""

    route: str
    reason: str
    target: str
    contact_name: str
    accepted: bool = False
    packet_note: str = ""
    wait_note: str = ""
    note: str = ""


@transaction.atomic
def log_handoff(
    *,
    actor: Actor,
    handover: Handover,
    case: IntakeCase | None = None,
    episode: Episode | None = None,
    at: datetime | None = None,
) -> Handoff:
    """A warm hand-off happened; the case may stay open (an emergency is answered, then the way goes on)."""
    handoff = Handoff.objects.create(
        case=case, episode=episode, made_at=at or timezone.now(), made_by=actor.id, **asdict(handover)
    )
    person = case.person if case else episode.person if episode else None
    record(actor=actor, action="journey.log_handoff", person=person, subject=handoff, route=handover.route)
    return handoff


@transaction.atomic
def refer_out(
    *, actor: Actor, case: IntakeCase, handover: Handover, note: str = "", at: datetime | None = None
) -> IntakeCase:
    """T3 before the assessment is held, T9 when the level of care is decided: handed over, not sent away."""
    current = lock(case)
    handoff = log_handoff(actor=actor, case=current, handover=handover, at=at)
    key = "refer_out"
    if current.state == "level_decided":
        key = "hand_to_lower_level" if handover.route == Handoff.Route.LOWER else "hand_to_higher_level"
    reason = note or str(handoff.get_reason_display())
    return _close(current, key, actor=actor, reason=reason, at=at)


@transaction.atomic
def close_case(
    *, actor: Actor, case: IntakeCase, how: str, reason: str, at: datetime | None = None
) -> IntakeCase:
    """Declined by the program, withdrawn by the person, or no contact (`how`), from every open state."""
    return _close(lock(case), CLOSING[how], actor=actor, reason=reason, at=at)


def _close(case: IntakeCase, key: str, *, actor: Actor, reason: str, at: datetime | None) -> IntakeCase:
    end_waiting(case, actor=actor, at=at)
    take_step(case, key, actor=actor, reason=reason, at=at, closing_note=reason.strip(), planned_for=None)
    publish(CaseMoved(case.pk, key, case.state, actor))
    return case


@dataclass(frozen=True)
class WaitingPlan:
    """What the person does meanwhile (T10)."""

    interim_plan: str
    priority: str = ""
    program: Program | None = None
    track: Track | None = field(default=None)


@transaction.atomic
def record_benefits(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> IntakeCase:
    """T4: coverage is verified, and the person knows what it will cost."""
    current = lock(case)
    take_step(current, "verify_benefits", actor=actor, at=at)
    return current


@transaction.atomic
def put_on_waitlist(
    *, actor: Actor, case: IntakeCase, plan: WaitingPlan, reason: str, at: datetime | None = None
) -> WaitlistEntry:
    """T10: for an assessment before it, for a seat after the level is decided."""
    current = lock(case)
    end_waiting(current, actor=actor, at=at)
    entry = WaitlistEntry.objects.create(
        case=current,
        program=plan.program or current.program,
        track=plan.track,
        priority=plan.priority,
        interim_plan=plan.interim_plan,
        added_at=at or timezone.now(),
        added_by=actor.id,
    )
    key = "waitlist" if current.state in ("level_decided", "authorized") else "wait_for_assessment"
    take_step(current, key, actor=actor, reason=reason, at=at, planned_for=None)
    return entry


def end_waiting(case: IntakeCase, *, actor: Actor, at: datetime | None = None) -> None:
    """Called by every step that leaves a waitlist, within its transaction."""
    waiting = WaitlistEntry.objects.filter(case=case, ended_at__isnull=True)
    waiting.update(ended_at=at or timezone.now(), ended_by=actor.id)


def tell_own_hours(case: IntakeCase, blocks: list[dict[str, Any]], *, actor: Actor) -> None:
    """Let the schedule know the person's own hours as the screening has them now."""
    told = tuple(
        HoursBlock(
            kind=block["kind"],
            weekdays=tuple(block["weekdays"]),
            starts=block["starts"],
            ends=block["ends"],
            note=block.get("note", ""),
        )
        for block in blocks
    )
    publish(OwnHoursTold(case.person_id, told, today_at(case), actor))
