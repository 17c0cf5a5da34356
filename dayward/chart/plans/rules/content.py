"""What a plan must say before it can be signed (requirements 1.5, 2.1, 2.6), and the minutes it prescribes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dayward.chart.safety.rules.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Text:
    """One of the plan's own texts. `needed` ones must say something before it is signed."""

    key: str
    title: str
    help: str
    needed: bool = True


BEFORE: tuple[Text, ...] = (
    Text(
        "strengths",
        gettext_noop("Strengths to build on"),
        gettext_noop("What the person can, knows, has and has managed before."),
    ),
    Text(
        "barriers",
        gettext_noop("What could get in the way"),
        gettext_noop("Way here, work, child care, money, health, doubts; and what we do about it."),
    ),
    Text(
        "family",
        gettext_noop("Family and others who help"),
        gettext_noop("Who takes part and how; or that the person wants nobody to."),
        needed=False,
    ),
)

# The three things a plan must hold (1.5: medication management, therapy, education on the condition).
BLOCKS: tuple[Text, ...] = (
    Text(
        "medication",
        gettext_noop("Medication"),
        gettext_noop("What is taken and looked at, by whom; or that it was asked and none is wanted."),
    ),
    Text(
        "therapy",
        gettext_noop("Therapy"),
        gettext_noop("What group, individual and family sessions work on."),
    ),
    Text(
        "education",
        gettext_noop("Education"),
        gettext_noop("What the person, and those closest, learn about the condition."),
    ),
)

AFTER: tuple[Text, ...] = (
    Text(
        "transition",
        gettext_noop("The way out"),
        gettext_noop("Where it goes after this program, and how it gets less step by step."),
    ),
)

TEXTS: tuple[Text, ...] = (*BEFORE, *BLOCKS, *AFTER)
TEXT_KEYS: tuple[str, ...] = tuple(text.key for text in TEXTS)

# Forms of service that make up a block.
BLOCK_OF_FORM: Mapping[str, str] = {
    "medication": "medication",
    "group": "therapy",
    "individual": "therapy",
    "family": "therapy",
    "education": "education",
}


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    key: str
    text: str
    target: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class GoalLine:
    key: str
    words: str
    objectives: tuple[ObjectiveLine, ...]


@dataclass(frozen=True, slots=True)
class ProblemLine:
    key: str
    title: str
    goals: tuple[GoalLine, ...]


@dataclass(frozen=True, slots=True)
class Doing:
    """An intervention: type, amount, frequency, duration."""

    key: str
    name: str
    form: str
    counts: bool  # towards the prescribed minutes of the week
    minutes: int | None
    per_week: Decimal
    weeks: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """A version of the plan as plain values."""

    texts: Mapping[str, str]
    problems: tuple[ProblemLine, ...] = ()
    doings: tuple[Doing, ...] = ()
    criteria: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must still be written; `key` is where, `what` whose it is."""

    sentence: str
    key: str = ""
    what: str = ""


def gaps(content: Content) -> tuple[Gap, ...]:
    """What is still missing before anybody signs."""
    found = [
        Gap(gettext_noop("This must say something."), text.key, text.title)
        for text in TEXTS
        if text.needed and not content.texts.get(text.key, "").strip()
    ]
    if not content.problems:
        found.append(Gap(gettext_noop("There is no problem yet."), "problems"))
    for problem in content.problems:
        found += _problem_gaps(problem)
    found += [gap for doing in content.doings for gap in _doing_gaps(doing)]
    found += _block_gaps(content.doings)
    if not any(text.strip() for text in content.criteria):
        found.append(
            Gap(gettext_noop("Say how you will know that the person is ready to leave."), "criteria")
        )
    return tuple(found)


def _problem_gaps(problem: ProblemLine) -> list[Gap]:
    found = []
    if not problem.title.strip():
        found.append(Gap(gettext_noop("Name the problem."), f"problem-{problem.key}-title"))
    if not problem.goals:
        found.append(Gap(gettext_noop("There is no goal."), f"problem-{problem.key}-title", problem.title))
    for goal in problem.goals:
        if not goal.words.strip():
            sentence = gettext_noop("Write the goal in the person's words.")
            found.append(Gap(sentence, f"goal-{goal.key}-words", problem.title))
        if not goal.objectives:
            sentence = gettext_noop("There is no objective.")
            found.append(Gap(sentence, f"goal-{goal.key}-words", problem.title))
        for objective in goal.objectives:
            found += _objective_gaps(objective, problem.title)
    return found


def _objective_gaps(objective: ObjectiveLine, what: str) -> list[Gap]:
    found = []
    if not objective.text.strip():
        found.append(Gap(gettext_noop("Write the objective."), f"objective-{objective.key}-text", what))
    if not objective.target.strip():
        sentence = gettext_noop("Say how it will be seen that the objective is reached.")
        found.append(Gap(sentence, f"objective-{objective.key}-target", what))
    if objective.due_on is None:
        sentence = gettext_noop("Say by when the objective is to be reached.")
        found.append(Gap(sentence, f"objective-{objective.key}-due_on", what))
    return found


def _doing_gaps(doing: Doing) -> list[Gap]:
    found = []
    if not doing.minutes:
        found.append(
            Gap(gettext_noop("Say how many minutes."), f"intervention-{doing.key}-minutes", doing.name)
        )
    if not doing.weeks:
        found.append(
            Gap(gettext_noop("Say for how many weeks."), f"intervention-{doing.key}-weeks", doing.name)
        )
    return found


def _block_gaps(doings: Iterable[Doing]) -> list[Gap]:
    """Therapy and education are services that are given; of medication the text alone may say "none"."""
    there = {BLOCK_OF_FORM.get(doing.form) for doing in doings}
    found = []
    if "therapy" not in there:
        found.append(Gap(gettext_noop("No group, individual or family session is planned."), "interventions"))
    if "education" not in there:
        found.append(Gap(gettext_noop("No education is planned."), "interventions"))
    return found


@dataclass(frozen=True, slots=True)
class Dose:
    """The minutes a week that the interventions come to, beside those prescribed for the stretch of treatment."""

    minutes: int
    prescribed: int

    @property
    def difference(self) -> int:
        return self.minutes - self.prescribed

    @property
    def fits(self) -> bool:
        """No stretch to compare with, or within a quarter of an hour: visits every two weeks never add up."""
        return not self.prescribed or abs(self.difference) <= 15


def dose(doings: Iterable[Doing], prescribed: int) -> Dose:
    """N05, 2.0: prescribed minutes are those of the plan; only kinds that count towards the week are added."""
    total = sum((doing.per_week * (doing.minutes or 0) for doing in doings if doing.counts), Decimal(0))
    return Dose(int(total), prescribed)
