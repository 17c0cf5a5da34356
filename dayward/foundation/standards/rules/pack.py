"""What a rule says: after which fact, what must be done, within how long, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Unit(Enum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"  # whole days of the site: due when the last of them ends


@dataclass(frozen=True, slots=True)
class Length:
    """So many minutes, hours or whole local days."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of fact; with `ref`, only those about one thing ("call.made:day3")."""

    kind: str
    ref: str | None = None

    @classmethod
    def read(cls, text: str) -> Pattern:
        kind, colon, ref = text.partition(":")
        return cls(kind, ref if colon else None)

    def __str__(self) -> str:
        return self.kind if self.ref is None else f"{self.kind}:{self.ref}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a fact of one kind to the next of another (a hold)."""

    begins: Pattern
    ends: Pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """One obligation. The texts are shown to people; `source` is the requirement it comes from."""

    key: str
    pack: str
    title: str
    why: str
    role: str
    after: tuple[Pattern, ...]
    done: tuple[Pattern, ...]
    within: Length
    source: str
    citation: str
    confidence: str
    hard: Length | None = None  # a second line of the same due: from then on it is more than late
    unless: tuple[Pattern, ...] = ()  # any of these, at any time: nothing is due
    given: tuple[Pattern, ...] = ()  # something is due only where one of these is told
    moot: tuple[Pattern, ...] = ()  # any of these after the start: no longer due
    by_ref: bool = False  # one due for each thing that the start facts are about
    latest: bool = False  # the newest start counts; each new one begins again
    outlives: bool = False  # still due when the episode has ended
    starter: bool = False  # whom the start fact names has to do it
    during: Stretch | None = None  # only within such a stretch
    paused: Stretch | None = None  # not within such a stretch; the clock begins again at its end
    effective_from: date = date.min
    effective_to: date | None = None  # exclusive


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules of one authority: a state, an accreditor, a payer, the clinic's own policy."""

    key: str
    title: str
    citation: str
    effective_from: date
    effective_to: date | None
    rules: tuple[Rule, ...] = field(default=())
