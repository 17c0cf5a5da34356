"""What a rule says: after which fact, what must be done, within how long, who says so, and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Unit(Enum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"  # whole days of the site: due when the last of them ends
    OPEN_DAYS = "open_days"  # the same without the days on which the site is closed
    BUSINESS_DAYS = "business_days"  # the same without those days, Saturdays and Sundays
    MONTHS = "months"  # the same day of a later month, or its last
    TREATMENT_DAYS = "treatment_days"  # days on which the person has a session
    SESSIONS = "sessions"  # due when the day of the last of them ends
    NEXT_SESSION = "next_session"  # until the person's next session of the same type begins

    @property
    def is_counted(self) -> bool:
        """Whether the clock is moved by what happens, and not by time alone."""
        return self in (Unit.TREATMENT_DAYS, Unit.SESSIONS, Unit.NEXT_SESSION)

    @property
    def ends_with_the_day(self) -> bool:
        return self not in (Unit.MINUTES, Unit.HOURS, Unit.NEXT_SESSION)


class Confidence(Enum):
    """How sure we are of what the rule says (the marks of requirements.md)."""

    VERIFIED = "verified"  # V: read at the source
    SECONDARY = "secondary"  # V-sec: read at a second hand
    MEMORY = "memory"  # M: from memory
    POLICY = "policy"  # POL: no law; the program's own
    PROPOSED = "proposed"  # to be set and signed by the clinic

    @property
    def only_warns(self) -> bool:
        """Requirements, head of the page: what is marked M or V-sec may warn, never block."""
        return self in (Confidence.SECONDARY, Confidence.MEMORY)


class Harm(Enum):
    """What suffers when it is not done, the worst first; work lists stand in this order."""

    LIFE = "life"
    CARE = "care"
    RECORD = "record"


class Authority(Enum):
    """Whose rules a pack holds, and so where they apply by themselves."""

    POLICY = "policy"  # the program's own: everywhere
    STATE = "state"  # at sites of that state
    PAYER = "payer"  # for people whose payer is of that kind
    ACCREDITOR = "accreditor"  # where the clinic says that it is accredited


@dataclass(frozen=True, slots=True)
class Length:
    """So many minutes, hours, days or sessions."""

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
    at_most: Length | None = None  # a second clock: whichever ends first
    hard: Length | None = None  # a second line of the same due: from then on it is more than late
    harm: Harm = Harm.CARE
    unless: tuple[Pattern, ...] = ()  # any of these, at any time: nothing is due
    given: tuple[Pattern, ...] = ()  # something is due only where one of these is told
    moot: tuple[Pattern, ...] = ()  # any of these after the start: no longer due
    by_ref: bool = False  # one due for each thing that the start facts are about
    latest: bool = False  # the newest start counts; each new one begins again
    outlives: bool = False  # still due when the episode has ended
    starter: bool = False  # whom the start fact names has to do it
    start_day: bool = False  # treatment days are counted from the start day on, not from the day after
    every: int = 1  # only each so-manieth start begins a clock
    not_before: Length | None = None  # what was done earlier than this after the start does not settle it
    during: Stretch | None = None  # only within such a stretch
    paused: Stretch | None = None  # not within such a stretch; the clock begins again at its end
    effective_from: date = date.min
    effective_to: date | None = None  # exclusive
    policy: int | None = None  # primary key of the clinic's own row, where it is the clinic's

    @property
    def only_warns(self) -> bool:
        return Confidence(self.confidence).only_warns


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a pack applies when nobody says otherwise."""

    authority: Authority
    of: tuple[str, ...] = ()  # states, kinds of payers, the accreditor
    streams: frozenset[str] = frozenset()  # what the program treats; empty: anything
    ages: frozenset[str] = frozenset()  # empty: any
    payers: frozenset[str] = frozenset()  # only for whom one of these kinds pays; empty: everybody


@dataclass(frozen=True, slots=True)
class HeldTo:
    """A standard without a clock of its own: the authority asks the program to keep its own policy."""

    standard: str
    says: str
    rules: tuple[str, ...]  # keys of the program policy
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules of one authority: a state, an accreditor, a payer, the clinic's own policy."""

    key: str
    title: str
    citation: str
    scope: Scope
    effective_from: date
    effective_to: date | None
    lacks: tuple[str, ...] = ()  # what the authority also asks and the pack does not check, in sentences
    rules: tuple[Rule, ...] = ()
    held_to: tuple[HeldTo, ...] = ()
