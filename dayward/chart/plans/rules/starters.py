"""Starters: problems and objectives to begin with, chosen by diagnosis and stream; the words are always edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StarterObjective:
    text: str
    target: str
    weeks: int
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Starter:
    """A problem with its objectives. Without `codes` it fits any diagnosis."""

    key: str
    title: str
    statement: str
    codes: tuple[str, ...]
    streams: frozenset[str]
    ask: str  # a question that helps the person to say their goal
    objectives: tuple[StarterObjective, ...]
    education: str

    def fits(self, code: str) -> bool:
        return any(code.startswith(each) for each in self.codes)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new plan begins with, beside its starters."""

    criteria: tuple[str, ...]
    transition: str
    therapy: str
    medication: str


def starter_for(code: str, starters: Iterable[Starter]) -> Starter | None:
    """The one that fits a diagnosis best: the longest prefix; None where only the general ones would."""
    fitting = [each for each in starters if code and each.fits(code)]
    return max(
        fitting, key=lambda each: max(len(one) for one in each.codes if code.startswith(one)), default=None
    )


def in_order(codes: Iterable[str], stream: str, starters: Iterable[Starter]) -> tuple[Starter, ...]:
    """All starters: those that fit a diagnosis first, then those for the stream, then the rest."""
    wanted = tuple(codes)

    def rank(each: Starter) -> tuple[bool, bool, bool, str]:
        fits = any(each.fits(code) for code in wanted)
        return (not fits, stream not in each.streams, bool(each.codes), each.title)

    return tuple(sorted(starters, key=rank))
