"""Which floors a person-week is held against: the program's, and others' who ask for their own (requirements 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dayward.care.attendance.rules.settings import Basis, Minutes
from dayward.kernel.time import WeekDefinition


class Word(NamedTuple):
    """Said of a kind of service, from a day on: its minutes count, or do not. None: again as the program counts."""

    since: date
    counts: bool | None
    citation: str = ""


@dataclass(frozen=True, slots=True)
class KindWords:
    """What who asks for a floor says of one kind of service, where that is not what the program says."""

    kind: int
    name: str
    words: tuple[Word, ...]  # in the order of days

    def on(self, day: date) -> Word | None:
        return next((word for word in reversed(self.words) if word.since <= day), None)


@dataclass(frozen=True, slots=True)
class Floor:
    """The least minutes of a week, as one authority asks for them: a program, a payer, a state.

    Without `level` it holds at every level of care; `under_age` is exclusive: 18 for the floor of minors.
    """

    minutes: Minutes
    asked_by: str
    source: str
    test: Basis = Basis.DELIVERED
    level: str | None = None
    under_age: int | None = None
    citation: str = ""
    week: WeekDefinition | None = None  # where it cuts weeks in its own way
    day_minimum_minutes: Minutes | None = None  # of a day, where it asks for more than the program does
    day_minimum_services: int | None = None
    carry_back_days: int = 0  # a make-up this much later still counts in the week that was missed
    kinds: tuple[KindWords, ...] = ()  # whose minutes count here by another word than the program's

    @property
    def asks_of_days(self) -> bool:
        return self.day_minimum_minutes is not None or self.day_minimum_services is not None

    def says_of(self, kind: int, day: date) -> Word | None:
        """Its own word on a kind of service on that day."""
        return next((each.on(day) for each in self.kinds if each.kind == kind), None)

    def counts(self, kind: int, day: date, otherwise: bool) -> bool:
        """Whether minutes of the kind count here; `otherwise` is what the program says."""
        word = self.says_of(kind, day) if self.kinds else None
        return otherwise if word is None or word.counts is None else word.counts

    def holds_for(self, level: str, age: int | None) -> bool:
        """An unknown age is an adult's: the higher floor."""
        if self.level is not None and self.level != level:
            return False
        return self.under_age is None or (age is not None and age < self.under_age)


def floors_for(floors: Iterable[Floor], *, level: str, age: int | None) -> tuple[Floor, ...]:
    """One from each who asks (and each test), the narrowest that fits: a payer's floor does not replace the program's.

    Regulators test different figures (requirements 2.0), so each floor gets its own verdict. By the name of who asks,
    so that a page reads the same wherever the record lies.
    """
    chosen: dict[tuple[str, Basis], Floor] = {}
    for floor in sorted(floors, key=_width, reverse=True):
        if floor.holds_for(level, age):
            chosen[floor.asked_by, floor.test] = floor
    return tuple(sorted(chosen.values(), key=lambda floor: (floor.source, floor.asked_by, floor.test)))


def _width(floor: Floor) -> tuple[bool, float, Minutes]:
    """Narrow ones are small: a level of their own, then the lowest age, then the higher demand."""
    ages = float("inf") if floor.under_age is None else floor.under_age
    return floor.level is None, ages, -floor.minutes
