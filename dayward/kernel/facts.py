"""Facts: what happened to somebody in treatment, told by the package that knows; `standards` says what follows.

A provider reads its own tables and is never asked for what it does not own. Facts are never stored a second time:
whoever changes one says so with `changed`, in the same transaction, and what is due is worked out anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from dayward.kernel.events import publish
from dayward.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so from an instant on."""

    kind: str  # "plan.signed"; first word is the package or object it is about
    at: datetime  # aware; may lie ahead (an expected return)
    episode: int  # primary key
    by: int | None = None  # primary key of the member of staff who did it, or is to do what follows
    ref: str = ""  # public id of the thing, where there are several of a kind (a booking, a medication)


@dataclass(frozen=True, slots=True)
class Subject:
    """An episode that standards may look at."""

    episode: int
    person: int  # primary key
    site: int
    zone: ZoneInfo
    state: str = ""  # of the site: "MN"
    program: str = ""  # public id
    stream: str = ""  # what the program treats: "substance_use"
    age_group: str = ""


@dataclass(frozen=True, slots=True)
class PaidBy:
    """Of what kind a person's payer is, from a day to another (exclusive)."""

    person: int  # primary key
    kind: str  # "medicare"
    since: date
    until: date | None


class FactsProvider(Protocol):
    """All facts of these episodes that the package knows, in a fixed number of queries."""

    def __call__(self, episodes: Collection[int]) -> Iterable[Fact]: ...


class SubjectsProvider(Protocol):
    """The episodes of these people, or of everybody who is in treatment or aftercare."""

    def __call__(self, people: Collection[int] | None) -> list[Subject]: ...


class PayersProvider(Protocol):
    """Who pays for these people; one query."""

    def __call__(self, people: Collection[int]) -> Iterable[PaidBy]: ...


@dataclass(frozen=True, slots=True)
class Treating:
    """A program at a site, as far as rules ask what it treats."""

    key: str  # public id
    name: str
    site: int  # primary key
    stream: str
    age_group: str


class ProgramsProvider(Protocol):
    """The programs of these sites, by primary key, in the order of their names; one query."""

    def __call__(self, sites: Collection[int]) -> Iterable[Treating]: ...


class ClosedDaysProvider(Protocol):
    """The days on which these sites are closed, by primary key; one query."""

    def __call__(self, sites: Collection[int]) -> dict[int, set[date]]: ...


facts: Registry[FactsProvider] = Registry("facts providers")
subjects: Registry[SubjectsProvider] = Registry("subjects of standards")  # journey registers the one


payers: Registry[PayersProvider] = Registry("kinds of payers")
programs: Registry[ProgramsProvider] = Registry("programs that rules may hold in")
closed_days: Registry[ClosedDaysProvider] = Registry("days on which sites are closed")


class Doing(Protocol):
    """Where to do what is due: the address of the page, for an episode, its person's public id and the fact's ref."""

    def __call__(self, *, person: str, episode: int, ref: str) -> str: ...


doings: Registry[Doing] = Registry("where to do what is due")  # by the kind of fact that settles it


@dataclass(frozen=True, slots=True)
class FactsChanged:
    """Some fact about the episodes of these people is new, changed or withdrawn."""

    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class SiteChanged:
    """Something that clocks of everybody at a site ask for is other than it was: a day on which it is closed."""

    site: int


def site_changed(site: int) -> None:
    """Say it in the transaction that changed it; a job works out anew what is due there."""
    publish(SiteChanged(site))


@dataclass(frozen=True, slots=True)
class FactsChangedLater:
    """The same of facts that nobody waits for in the next minute: seats of many in groups weeks ahead."""

    people: frozenset[int]


def changed_soon(people: Iterable[int]) -> None:
    """Say it in the transaction that changed them; a job works out what is due."""
    who = frozenset(people)
    if who:
        publish(FactsChangedLater(who))


_gathered: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


def changed(person: int) -> None:
    """Say it in the transaction that changed the fact; what is due follows at once."""
    waiting = _gathered.get()
    if waiting is None:
        publish(FactsChanged(frozenset({person})))
    else:
        waiting.add(person)


@contextmanager
def together() -> Iterator[None]:
    """Around a service that changes the facts of many (a roll): what is due is worked out once, at its end."""
    if _gathered.get() is not None:  # an outer one is waiting already
        yield
        return
    waiting: set[int] = set()
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    if waiting:
        publish(FactsChanged(frozenset(waiting)))
