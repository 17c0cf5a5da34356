"""Everything the page of one intake case shows, in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dayward.care.journey.models import (
    AdmissionItem,
    AssessmentSlot,
    IntakeCase,
    Screening,
    WaitlistEntry,
)
from dayward.care.journey.queries.cases import suggestion_for
from dayward.care.journey.queries.history import Happened, history
from dayward.care.journey.queries.steps import Step, offered_rows, state_label, steps_for
from dayward.care.journey.queries.words import SuggestionWords, suggestion_words
from dayward.care.journey.rules.screening import Outcome, Suggestion
from dayward.care.journey.rules.states import BY_KEY as STATES
from dayward.care.journey.rules.waiting import Waiting, waiting
from dayward.foundation.people.models import ContactPoint
from dayward.foundation.people.queries import reached_by
from dayward.kernel.gathering import read

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


WAITING = frozenset({"waiting_to_assess", "waitlisted"})


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
    screening = getattr(case, "screening", None)
    slot, entry, papers, points = _beside(case)
    happened = history(case)
    reached = next((line.at for line in happened if line.reached), None)
    return CasePage(
        state=state_label(case.state),
        is_open=is_open,
        waiting=_waiting(case, now, slot, reached) if is_open else None,
        stops=_stops(case.state),
        steps=steps_for(case, wanted) if is_open else (),
        screening=screening,
        suggestion=suggestion_for(case, screening),
        slot=slot,
        entry=entry,
        papers=papers,
        history=happened,
        points=points,
        slot_passed=slot is not None and slot.during.lower < now,
        offered=frozenset(row.key for row in offered_rows(case)),
    )


def _beside(
    case: IntakeCase,
) -> tuple[AssessmentSlot | None, WaitlistEntry | None, tuple[Paper, ...], tuple[ContactPoint, ...]]:
    """The appointment, the place on the waitlist, what is ticked and how to reach the person: one query."""
    slots = AssessmentSlot.objects.filter(case=case, status="booked").select_related("clinician")
    entries = case.waitlist.filter(ended_at__isnull=True).select_related("track")
    booked, waits, ticked, points = read(
        [
            slots.order_by("pk")[:1] if case.state == "assessment_scheduled" else slots.none(),
            entries.order_by("pk")[:1] if case.state in WAITING else entries.none(),
            case.admission_items.all(),
            reached_by(case.person),
        ]
    )
    papers = _papers(ticked) if case.state in STOPS[-1][1] else ()
    return next(iter(booked), None), next(iter(waits), None), papers, tuple(points)


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


def _papers(ticked: Iterable[AdmissionItem]) -> tuple[Paper, ...]:
    done = {item.kind: item for item in ticked}
    return tuple(Paper(kind, str(label), done.get(kind)) for kind, label in AdmissionItem.Kind.choices)
