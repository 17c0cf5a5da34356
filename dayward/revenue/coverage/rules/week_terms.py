"""Reads one file of `library/week-terms/`: what a payer asks of a week, with its source. Strict, and pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from dayward.kernel.time import WeekDefinition

TESTS = ("delivered", "scheduled", "prescribed")
SURE = ("verified", "secondary", "from memory")


class Malformed(ValueError):
    """A library file that cannot be used; the message says what is wrong."""


@dataclass(frozen=True)
class Example:
    """A worked example: a week with these minutes meets the floor, or does not."""

    age: int
    prescribed: int
    scheduled: int
    delivered: int
    met: bool


@dataclass(frozen=True)
class KnownTerms:
    """What a payer of the library asks; minutes."""

    payer: str
    effective_from: date
    floor_minutes: int
    floor_test: str
    citation: str
    sure: str  # how sure we are
    week_starts: str = ""  # empty: as the program
    young_under_age: int | None = None
    young_floor_minutes: int | None = None
    day_minimum_minutes: int | None = None
    day_minimum_services: int | None = None
    carry_back_days: int = 0
    examples: tuple[Example, ...] = ()

    def floor_for(self, age: int) -> int:
        if self.young_under_age is not None and self.young_floor_minutes is not None:
            return self.young_floor_minutes if age < self.young_under_age else self.floor_minutes
        return self.floor_minutes


def read_terms(text: str) -> KnownTerms:
    """The terms in a file; Malformed when anything is missing, unknown or untrue."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"not TOML: {error}") from None
    rows = data.pop("example", [])
    known = {each.name for each in fields(KnownTerms)} - {"examples"}
    if unknown := sorted(set(data) - known):
        raise Malformed(f"unknown: {', '.join(unknown)}")
    try:
        terms = KnownTerms(**data, examples=tuple(Example(**row) for row in rows))
    except TypeError as error:
        raise Malformed(str(error)) from None
    _check(terms)
    return terms


def _check(terms: KnownTerms) -> None:
    if problem := next((sentence for sentence, wrong in _wrong(terms).items() if wrong), None):
        raise Malformed(problem)
    for example in terms.examples:
        figure = getattr(example, terms.floor_test)
        if (figure >= terms.floor_for(example.age)) is not example.met:
            raise Malformed(f"the example with {figure} minutes does not come out")


def _wrong(terms: KnownTerms) -> dict[str, bool]:
    whole: tuple[Any, ...] = (terms.floor_minutes, terms.carry_back_days)
    return {
        "the payer or the citation is missing": not (terms.payer and terms.citation),
        "the day it holds from is no day": type(terms.effective_from) is not date,
        "minutes and days are whole numbers": not all(type(each) is int and each >= 0 for each in whole),
        "no floor": terms.floor_minutes == 0,
        "the test is none of " + ", ".join(TESTS): terms.floor_test not in TESTS,
        "how sure we are is none of " + ", ".join(SURE): terms.sure not in SURE,
        "the week begins in no known way": terms.week_starts
        not in ("", *(each.value for each in WeekDefinition)),
        "an age and its floor go together": (terms.young_under_age is None)
        != (terms.young_floor_minutes is None),
        "no worked example": not terms.examples,
    }
