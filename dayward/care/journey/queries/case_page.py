"""Everything the page of one intake case shows, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from dayward.care.journey.models import (
    AdmissionItem,
    AssessmentSlot,
    ContactAttempt,
    Handoff,
    IntakeCase,
    Screening,
    Transition,
    WaitlistEntry,
)
from dayward.care.journey.queries.cases import suggestion_for
from dayward.care.journey.queries.steps import Step, offered_rows, state_label, steps_for
from dayward.care.journey.queries.words import SuggestionWords, suggestion_words
from dayward.care.journey.rules.screening import Outcome, Suggestion
from dayward.care.journey.rules.states import BY_KEY as STATES
from dayward.care.journey.rules.table import BY_KEY as ROWS
from dayward.care.journey.rules.waiting import Waiting, waiting
from dayward.foundation.people.models import ContactPoint, StaffMember

#: The step whose evidence the page shows; booking and closing are forms of their own.
FORWARD: dict[str, tuple[str, ...]] = {
    "inquiry": ("finish_screening",),
    "assessment_scheduled": ("record_assessment",),
    "assessed": ("decide_level",),
    "level_decided": ("admit",),
    "waitlisted": ("admit",),
    "authorization_pending": ("admit",),
    "authorized": ("admit",),
}
#: The way in as five stops: label and the states that lie in each.
STOPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Inquiry", frozenset({"inquiry"})),
    ("Screening", frozenset({"screened", "benefits", "waiting_to_assess"})),
    ("Assessment", frozenset({"assessment_scheduled", "assessment_missed"})),
    ("Level of care", frozenset({"assessed"})),
    ("Admission", frozenset({"level_decided", "waitlisted", "authorization_pending", "authorized"})),
)


@dataclass(frozen=True)
class Happened:
    """One line of what happened, newest first."""

    at: datetime
    title: str
    by: str
    note: str = ""
    icon: str = "arrow-right"


@dataclass(frozen=True)
class Paper:
    kind: str
    label: str
    item: AdmissionItem | None


@dataclass(frozen=True)
class CasePage:
    state: str
    is_open: bool
    waiting: Waiting | None
    stops: tuple[dict[str, str], ...]
    steps: tuple[Step, ...]
    screening: Screening | None
    suggestion: Suggestion
    slot: AssessmentSlot | None
    entry: WaitlistEntry | None
    papers: tuple[Paper, ...]
    history: tuple[Happened, ...]

    points: tuple[ContactPoint, ...] = ()
    slot_passed: bool = False
    offered: frozenset[str] = frozenset()

    @property
    def forward(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @property
    def next_title(self) -> str:
        return _(self.waiting.action.label) if self.waiting else ""

    @property
    def before_assessment(self) -> bool:
        return self.can_book or "finish_screening" in self.offered

    @property
    def better_elsewhere(self) -> bool:
        """The screening suggests another place."""
        return self.can_book and self.suggestion.outcome is Outcome.REFER_OUT and self.screening is not None

    @property
    def can_wait(self) -> bool:
        return bool(self.offered & {"wait_for_assessment", "waitlist"})

    @property
    def can_book(self) -> bool:
        return bool(self.offered & {"schedule_assessment", "reschedule_assessment"})

    @property
    def can_admit(self) -> bool:
        return "admit" in self.offered

    @property
    def suggestion_words(self) -> SuggestionWords:
        return suggestion_words(self.suggestion)


def case_page(case: IntakeCase, *, now: datetime, keys: Iterable[str] | None = None) -> CasePage:
    """Read it all once. `keys` are the steps to judge; the one that leads on, if none are named."""
    is_open = not STATES[case.state].ends
    wanted = FORWARD.get(case.state, ()) if keys is None else keys
    slots = list(case.slots.select_related("clinician").order_by("-booked_at"))
    screening = getattr(case, "screening", None)
    slot = next((each for each in slots if each.status == "booked"), None)
    contacts = list(case.contact_attempts.order_by("-made_at"))
    reached = next((each.made_at for each in contacts if each.outcome == "reached"), None)
    return CasePage(
        state=state_label(case.state),
        is_open=is_open,
        waiting=_waiting(case, now, slot, reached) if is_open else None,
        stops=_stops(case.state),
        steps=steps_for(case, wanted) if is_open else (),
        screening=screening,
        suggestion=suggestion_for(case, screening),
        slot=slot,
        entry=case.waitlist.filter(ended_at__isnull=True).select_related("track").first(),
        papers=_papers(case) if case.state in STOPS[-1][1] else (),
        history=_history(case, contacts),
        points=tuple(case.person.contact_points.filter(ended_on=None)),
        slot_passed=slot is not None and slot.during.lower < now,
        offered=frozenset(row.key for row in offered_rows(case)),
    )


def _waiting(
    case: IntakeCase, now: datetime, slot: AssessmentSlot | None, reached: datetime | None
) -> Waiting:
    return waiting(
        case.state,
        opened_at=case.opened_at,
        step_at=case.state_since,
        now=now,
        last_contact_at=reached,
        appointment_at=slot.during.lower if slot else None,
    )


def _stops(state: str) -> tuple[dict[str, str], ...]:
    """The way in with what is done, what is now and what comes."""
    labels = (_("Inquiry"), _("Screening"), _("Assessment"), _("Level of care"), _("Admission"))
    here = next((number for number, (_name, states) in enumerate(STOPS) if state in states), None)
    if state == "screened":
        here = 2  # the screening is done; the assessment is what comes next
    if state == "case_admitted":
        here = len(STOPS)
    words = []
    for number, label in enumerate(labels):
        word = "next" if here is None or number > here else "now" if number == here else "done"
        words.append({"label": label, "state": word})
    return tuple(words)


def _papers(case: IntakeCase) -> tuple[Paper, ...]:
    done = {item.kind: item for item in case.admission_items.all()}
    return tuple(Paper(kind, str(label), done.get(kind)) for kind, label in AdmissionItem.Kind.choices)


def _history(case: IntakeCase, contacts: list[ContactAttempt]) -> tuple[Happened, ...]:
    steps = list(Transition.objects.filter(case=case))
    handoffs = list(Handoff.objects.filter(case=case))
    actors = (
        {step.by for step in steps}
        | {each.made_by for each in contacts}
        | {each.made_by for each in handoffs}
    )
    names = names_of(actors)
    lines = [
        *(Happened(step.at, step_words(step), names.get(step.by, ""), step.reason) for step in steps),
        *(_contact_line(each, names) for each in contacts),
        *(_handoff_line(each, names) for each in handoffs),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def step_words(step: Transition) -> str:
    """What happened: the state that was reached, or the step that left the state as it was."""
    return _(ROWS[step.key].label) if step.from_state == step.to_state else state_label(step.to_state)


def _contact_line(attempt: ContactAttempt, names: dict[str, str]) -> Happened:
    title = f"{attempt.get_mode_display()}: {attempt.get_outcome_display()}"
    return Happened(attempt.made_at, title, names.get(attempt.made_by, ""), attempt.note, "phone")


def _handoff_line(handoff: Handoff, names: dict[str, str]) -> Happened:
    title = f"{handoff.get_route_display()}: {handoff.target} ({handoff.contact_name})"
    return Happened(handoff.made_at, title, names.get(handoff.made_by, ""), handoff.note, "arrows-exchange")


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Names of staff by the id their acts are signed with; others act without a name."""
    found = StaffMember.objects.filter(Q(user__public_id__in=list(actors))).select_related("user")
    return {staff.user.public_id: staff.name for staff in found if staff.user}
