"""The pipeline board and one case, as typed rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from dayward.care.journey.models import AssessmentSlot, ContactAttempt, IntakeCase, Screening, WaitlistEntry
from dayward.care.journey.queries import facts
from dayward.care.journey.queries.words import length_words
from dayward.care.journey.rules.screening import RedFlag, Situation, Suggestion, red_flags, suggest
from dayward.care.journey.rules.waiting import NEXT_ACTIONS, NextAction, Urgency, waiting
from dayward.foundation.access.powers import EVERYBODY
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember

ICONS = {
    "call_back": "phone",
    "book": "calendar-plus",
    "assess": "stethoscope",
    "reach": "phone-call",
    "decide": "scale",
    "admit": "door-enter",
    "weekly_contact": "hourglass",
    "payer": "building-bank",
}


@dataclass(frozen=True)
class Line:
    """One open case on the board; what is shown of the case is there only where the line is shown (`told`)."""

    case: IntakeCase
    action: NextAction
    due: datetime
    urgency: Urgency
    waited: timedelta
    planned: bool
    slot_at: datetime | None
    flags: tuple[RedFlag, ...]

    @property
    def waited_words(self) -> str:
        return length_words(self.waited)


FOREMOST = 8  # of a lane, so that the board is read at a glance


@dataclass(frozen=True)
class Lane:
    """The cases that wait for the same thing."""

    action: NextAction
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return _(self.action.label)

    @property
    def icon(self) -> str:
        return ICONS.get(self.action.key, "arrow-right")

    @property
    def foremost(self) -> tuple[Line, ...]:
        """What is shown unasked: the most overdue, and each with a red flag."""
        return tuple(line for place, line in enumerate(self.lines) if place < FOREMOST or line.flags)


def pipeline(
    sites: Sequence[Site],
    *,
    now: datetime,
    owner: StaffMember | None = None,
    site: Site | None = None,
    within: Q = EVERYBODY,
) -> list[Lane]:
    """Open cases by next action, the most overdue first; lanes in the order of the way in.

    `within`: those that the reader's role is about (`powers.bound`).
    """
    chosen = Q(site=site) if site else Q()
    theirs = Q(owner=owner) if owner else Q()
    cases = _judged(IntakeCase.objects.open().filter(within, chosen, theirs, site__in=sites))
    lines = sorted((_line(case, now) for case in cases), key=lambda line: line.due)
    actions = {action.key: action for action in NEXT_ACTIONS.values()}
    lanes = (
        Lane(action, tuple(line for line in lines if line.action.key == key))
        for key, action in actions.items()
    )
    return [lane for lane in lanes if lane.lines]


def shown_of(lanes: Sequence[Lane], whole: str | None) -> list[tuple[Lane, tuple[Line, ...]]]:
    """The foremost of each lane, or all of the one that is asked for by its key; told."""
    picked = [lane.lines if lane.action.key == whole else lane.foremost for lane in lanes]
    lines = iter(told([line for each in picked for line in each]))
    return [(lane, tuple(islice(lines, len(each)))) for lane, each in zip(lanes, picked, strict=True)]


def told(lines: Iterable[Line]) -> list[Line]:
    """The same lines with the person, the site, the program and the owner of each case, in one query."""
    lines = list(lines)
    cases = IntakeCase.objects.select_related("person", "site", "program", "owner", "inquiry")
    found = cases.in_bulk([line.case.pk for line in lines])
    return [replace(line, case=found[line.case.pk]) for line in lines]


def _judged(cases: QuerySet[IntakeCase]) -> QuerySet[IntakeCase]:
    """With what they are judged by, and no more: there are hundreds."""
    slot = AssessmentSlot.objects.filter(case=OuterRef("pk"), status="booked")
    reached = ContactAttempt.objects.filter(case=OuterRef("pk"), outcome="reached")
    return cases.only("state", "opened_at", "state_since", "planned_for").annotate(
        slot_at=Subquery(slot.annotate(at=Lower("during")).values("at")[:1]),
        reached_at=Subquery(reached.values("case").annotate(last=Max("made_at")).values("last")),
        answers=F("screening__answers"),
    )


def _line(case: IntakeCase, now: datetime) -> Line:
    slot_at: datetime | None = case.slot_at  # type: ignore[attr-defined] # annotated, as the two below
    found = waiting(
        case.state,
        opened_at=case.opened_at,
        step_at=case.state_since,
        now=now,
        last_contact_at=case.reached_at,  # type: ignore[attr-defined]
        appointment_at=slot_at,
    )
    planned = case.planned_for is not None
    due = case.planned_for or found.due
    urgency = Urgency.LATE if due < now else found.urgency if not planned else Urgency.ON_TIME
    flags = red_flags(facts.risk_answers(case.answers))  # type: ignore[attr-defined]
    return Line(case, found.action, due, urgency, found.waited, planned, slot_at, flags)


def suggestion_for(case: IntakeCase, screening: Screening | None) -> Suggestion:
    """What the rules propose for what was answered so far."""
    situation = Situation(
        age=facts.age_of(case),
        age_group=facts.age_group_of(case),
        travel_minutes=screening.travel_minutes if screening else None,
        telehealth_possible=screening.telehealth_possible if screening else None,
    )
    return suggest(facts.answers_of(screening), situation)


def case_for(person_ids: Sequence[int], public_id: str) -> IntakeCase | None:
    """The case of a page; None where it is not this person's."""
    return (
        IntakeCase.objects.filter(person_id__in=person_ids, public_id=public_id)
        .select_related("person", "site", "program", "owner", "inquiry", "screening", "episode__program")
        .first()
    )


@dataclass(frozen=True)
class WaitingLine:
    """One person on a waitlist."""

    case: IntakeCase
    entry: WaitlistEntry
    line: Line


def waitlisted(sites: Sequence[Site], within: Q = EVERYBODY) -> list[WaitlistEntry]:
    """Everybody who waits: those with priority first, then the longest waiting."""
    theirs = IntakeCase.objects.open().filter(within, site__in=sites)
    entries = WaitlistEntry.objects.filter(ended_at__isnull=True, case__in=theirs)
    found = entries.select_related("program", "track")
    return sorted(found, key=lambda entry: (not entry.priority, entry.added_at, entry.pk))


def waiting_lines(entries: Sequence[WaitlistEntry], *, now: datetime) -> list[WaitingLine]:
    """What a page shows of them, in their order."""
    cases = _judged(IntakeCase.objects.filter(pk__in=[entry.case_id for entry in entries]))
    found = {line.case.pk: line for line in told(_line(case, now) for case in cases)}
    return [WaitingLine(found[entry.case_id].case, entry, found[entry.case_id]) for entry in entries]
