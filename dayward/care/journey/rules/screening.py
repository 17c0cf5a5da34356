"""Screening for fit: the questions as data, red flags and the suggested outcome.

Source: requirements 1.3 (F01-F16), 1.1 (A05), 4.2 (T2: only the risk questions are required). The text is our own.
Nothing here refuses: the screening proposes, a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from dayward.care.journey.rules.questions import QUESTIONS, RISK_QUESTIONS, Question
from dayward.care.journey.rules.words import gettext_noop


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Route(StrEnum):
    """Where a red flag leads."""

    EMERGENCY = "emergency"
    WITHDRAWAL = "withdrawal"
    MEDICAL = "medical"
    HIGHER_LEVEL = "higher_level"


class Outcome(StrEnum):
    """What the screening suggests."""

    ASSESS = "assess"
    REFER_OUT = "refer_out"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One red flag with what to do about it now."""

    key: str
    route: Route
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """A program's age group in whole years; `oldest` None means no upper end."""

    youngest: int
    oldest: int | None

    def holds(self, age: int) -> bool:
        return self.youngest <= age and (self.oldest is None or age <= self.oldest)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known beside the yes and no answers. None means: not asked yet."""

    age: int | None = None
    age_group: AgeGroup | None = None
    travel_minutes: int | None = None
    longest_travel_minutes: int = 60
    telehealth_possible: bool | None = None
    seats_free: bool | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the screening proposes, and why, in sentences. No outcome while risk is not asked about."""

    outcome: Outcome | None
    red_flags: tuple[RedFlag, ...]
    reasons: tuple[str, ...]
    to_ask: tuple[str, ...]


RED_FLAGS: dict[str, tuple[Route, str, str]] = {
    "risk_self": (
        Route.EMERGENCY,
        gettext_noop("The person may be in danger of harming themselves."),
        gettext_noop(
            "Stay on the line. Call 911 for danger now; connect to 988. A clinician joins the call."
        ),
    ),
    "risk_others": (
        Route.EMERGENCY,
        gettext_noop("Somebody else may be in danger."),
        gettext_noop("Call 911 for danger now. Tell the clinician on call before the call ends."),
    ),
    "withdrawal": (
        Route.WITHDRAWAL,
        gettext_noop("There are signs of withdrawal, which can be dangerous with alcohol or sedatives."),
        gettext_noop("Arrange withdrawal management (detox) today; seizures, confusion or fever: call 911."),
    ),
    "medical": (
        Route.MEDICAL,
        gettext_noop("There is a medical warning sign."),
        gettext_noop(
            "Have a medical clinician decide today; chest pain, trouble breathing, overdose: call 911."
        ),
    ),
    "needs_24h": (
        Route.HIGHER_LEVEL,
        gettext_noop("The person needs somebody around day and night."),
        gettext_noop("Hand over to inpatient or residential care; stay in touch until they have arrived."),
    ),
}


def required_open(answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """The risk questions without an answer (T2, hard). "Unsure" is an answer; it raises the flag."""
    return tuple(question for question in RISK_QUESTIONS if question.key not in answers)


def red_flags(answers: Mapping[str, Answer]) -> tuple[RedFlag, ...]:
    """Every risk question answered "yes" or "unsure", the most urgent first."""
    return tuple(
        RedFlag(key, *RED_FLAGS[key]) for key in RED_FLAGS if answers.get(key) in (Answer.YES, Answer.UNSURE)
    )


def immediate_danger(answers: Mapping[str, Answer]) -> bool:
    """A "yes" to danger for the person or for others: the emergency path must be taken and logged."""
    return Answer.YES in (answers.get("risk_self"), answers.get("risk_others"))


def age_on(born: date, day: date) -> int:
    """Age in whole years; someone born on 29 February turns on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def suggest(answers: Mapping[str, Answer], situation: Situation) -> Suggestion:
    """The outcome to propose: refer out before wait before assess."""
    flags = red_flags(answers)
    elsewhere = (*(flag.sentence for flag in flags), *_elsewhere(answers, situation))
    later = _later(answers, situation)
    outcome = _outcome(answers, elsewhere=bool(elsewhere), later=bool(later))
    first = gettext_noop("First the questions about risk: each needs an answer.")
    return Suggestion(
        outcome=outcome,
        red_flags=flags,
        reasons=(*elsewhere, *later) or (_assess_reason(answers) if outcome else first,),
        to_ask=tuple(question.text for question in QUESTIONS if _still_to_ask(question, answers)),
    )


def _outcome(answers: Mapping[str, Answer], *, elsewhere: bool, later: bool) -> Outcome | None:
    if elsewhere:
        return Outcome.REFER_OUT
    if required_open(answers):
        return None
    return Outcome.WAIT if later else Outcome.ASSESS


def _elsewhere(answers: Mapping[str, Answer], situation: Situation) -> tuple[str, ...]:
    found = []
    if situation.age is not None and situation.age_group and not situation.age_group.holds(situation.age):
        found.append(gettext_noop("The person's age is outside the program's age group."))
    if answers.get("F03") is Answer.YES:
        found.append(gettext_noop("A serious medical condition would keep the person from taking part."))
    if _too_far(answers, situation):
        found.append(gettext_noop("The site is too far away and telehealth is not possible."))
    if answers.get("F16") is Answer.NO:
        found.append(gettext_noop("The program may not treat people where this person lives."))
    if answers.get("F01") is Answer.NO:
        found.append(gettext_noop("The difficulties do not call for this much care, or for much more of it."))
    return tuple(found)


def _too_far(answers: Mapping[str, Answer], situation: Situation) -> bool:
    minutes = situation.travel_minutes
    far = answers.get("F04") is Answer.NO or (
        minutes is not None and minutes > situation.longest_travel_minutes
    )
    return far and situation.telehealth_possible is False


def _later(answers: Mapping[str, Answer], situation: Situation) -> tuple[str, ...]:
    found = []
    if answers.get("F12") is Answer.NO:
        found.append(gettext_noop("The person has not said yes to this; nothing happens without them."))
    if answers.get("F02") is Answer.NO:
        found.append(
            gettext_noop("Coming several times a week is not possible now; find out what would help.")
        )
    if situation.seats_free is False:
        found.append(gettext_noop("No seat is free in a fitting track."))
    return tuple(found)


def _assess_reason(answers: Mapping[str, Answer]) -> str:
    if answers.get("F05") is Answer.YES:
        return gettext_noop(
            "Ordinary outpatient care was not enough; an assessment will show which level is."
        )
    if answers.get("F07") is Answer.YES:
        return gettext_noop("Coming from inpatient care, the person needs a bridge: assess soon.")
    return gettext_noop("Nothing speaks against it: an assessment will show which level of care fits.")


def _still_to_ask(question: Question, answers: Mapping[str, Answer]) -> bool:
    return question.key not in answers or answers[question.key] is Answer.UNSURE


@dataclass(frozen=True, slots=True)
class OwnHours:
    """A stretch of a person's week that is taken: job, school, childcare. ISO weekdays: Monday is 1.

    An end before the start is on the next day (a night shift).
    """

    kind: str
    weekdays: tuple[int, ...]
    starts: time
    ends: time
    note: str = ""


def hours_problem(hours: OwnHours) -> str:
    """What is wrong with a block, or nothing."""
    if not hours.weekdays or not set(hours.weekdays) <= set(range(1, 8)):
        return gettext_noop("Choose at least one day.")
    if hours.starts == hours.ends:
        return gettext_noop("The start and the end are the same.")
    return ""
