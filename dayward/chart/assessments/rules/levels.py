"""Levels of care and what must be said about them (requirements 2.5, 4.2 T8, T9). Our own words and scale.

No criteria text is here: dimensions have names, the grounds are the clinician's. Ratings are words on purpose;
there is no number to add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dayward.chart.safety.rules.words import gettext_noop

NONE, OUTPATIENT, IOP, PHP, RESIDENTIAL, WITHDRAWAL, INPATIENT = (
    "none",
    "op",
    "iop",
    "php",
    "residential",
    "withdrawal",
    "inpatient",
)
THIS_PROGRAM = IOP

# From the least to the most.
CHOICES: tuple[tuple[str, str], ...] = (
    (NONE, gettext_noop("No treatment needed")),
    (OUTPATIENT, gettext_noop("Outpatient")),
    (IOP, gettext_noop("Intensive outpatient")),
    (PHP, gettext_noop("Partial hospitalization")),
    (RESIDENTIAL, gettext_noop("Residential")),
    (WITHDRAWAL, gettext_noop("Withdrawal management (detox)")),
    (INPATIENT, gettext_noop("Inpatient hospital")),
)
ORDER = {key: place for place, (key, _label) in enumerate(CHOICES)}
LABELS = dict(CHOICES)

DIFFERENCES: tuple[tuple[str, str], ...] = (
    ("not_here", gettext_noop("Not available here, or no place in time")),
    ("choice", gettext_noop("The person chose otherwise")),
    ("payer", gettext_noop("The payer did not agree")),
    ("distance", gettext_noop("Too far, or no way to get there")),
    ("life", gettext_noop("Work, school or care of others")),
    ("court", gettext_noop("Ordered by a court")),
    ("judgment", gettext_noop("Clinical judgment")),
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of a criteria set. One that is not rated informs the choice, not the recommendation."""

    key: str
    name: str
    parts: tuple[str, ...] = ()
    rated: bool = True


@dataclass(frozen=True, slots=True)
class Rating:
    """One step of our own scale: a word, and what it means."""

    key: str
    label: str
    meaning: str
    around_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """A criteria set in one edition: names of its dimensions, for whom, and the scale used with it."""

    key: str
    title: str
    edition: str
    populations: frozenset[str]
    dimensions: tuple[Dimension, ...]
    scale: tuple[Rating, ...]
    rights: str

    @property
    def rated(self) -> tuple[Dimension, ...]:
        return tuple(dimension for dimension in self.dimensions if dimension.rated)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a clinician wrote: rating and grounds by dimension, both levels, and why they differ."""

    ratings: Mapping[str, str]
    grounds: Mapping[str, str]
    recommended: str
    actual: str
    difference_kind: str = ""
    difference_reason: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something still missing; `what` names the dimension when it is about one."""

    sentence: str
    what: str = ""


def gaps(criteria: Criteria, population: str, decision: Decision) -> tuple[Gap, ...]:
    """What a decision still lacks before it can be signed (T8: hard)."""
    found = []
    if population not in criteria.populations:
        found.append(Gap(gettext_noop("This criteria set is not for this age group."), criteria.title))
    known = {rating.key for rating in criteria.scale}
    for dimension in criteria.dimensions:
        if dimension.rated and decision.ratings.get(dimension.key) not in known:
            found.append(Gap(gettext_noop("Choose a rating."), dimension.name))
        if not decision.grounds.get(dimension.key, "").strip():
            found.append(Gap(gettext_noop("Give the grounds."), dimension.name))
    return (*found, *_level_gaps(decision))


def _level_gaps(decision: Decision) -> tuple[Gap, ...]:
    found = []
    if decision.recommended not in ORDER:
        found.append(Gap(gettext_noop("Choose the level you recommend.")))
    if decision.actual not in ORDER:
        found.append(Gap(gettext_noop("Choose the level the person will actually have.")))
    if not found and unexplained(decision):
        found.append(Gap(gettext_noop("The levels differ: say why.")))
    return tuple(found)


def unexplained(decision: Decision) -> bool:
    """The actual level is another than the recommended one and no reason is given."""
    if decision.recommended == decision.actual:
        return False
    kinds = {kind for kind, _label in DIFFERENCES}
    return decision.difference_kind not in kinds or not decision.difference_reason.strip()


def concerns(criteria: Criteria, decision: Decision) -> tuple[Gap, ...]:
    """What a second look is worth: somebody needed around the clock, and a level at which people sleep at home.

    Shown beside the decision; it never refuses, the judgment is the clinician's.
    """
    if ORDER.get(decision.actual, len(ORDER)) >= ORDER[RESIDENTIAL]:
        return ()
    night = {rating.key for rating in criteria.scale if rating.around_the_clock}
    return tuple(
        Gap(
            gettext_noop("Rated as needing somebody around the clock, yet the person would sleep at home."),
            each.name,
        )
        for each in criteria.rated
        if decision.ratings.get(each.key) in night
    )


def compared(recommended: str, actual: str) -> str:
    """ "same", "lower" or "higher": the actual level beside the recommended one."""
    step = ORDER[actual] - ORDER[recommended]
    return "same" if step == 0 else "higher" if step > 0 else "lower"
