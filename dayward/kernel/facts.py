"""Facts: what happened to somebody in treatment, told by the package that knows; `standards` says what follows.

A teller reads its own tables and is never asked for what it does not own. Facts are never stored a second time:
whoever changes one says so with `changed`, in the same transaction, and what is due is worked out anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from dayward.kernel.errors import Misconfigured
from dayward.kernel.events import publish
from dayward.kernel.readings import Reading
from dayward.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so from an instant on."""

    kind: str  # "plan.signed"; its first word is the package or object it is about
    at: datetime  # aware; may lie ahead (an expected return)
    episode: int  # primary key
    by: int | None = None  # primary key of the member of staff who did it, or is to do what follows
    ref: str = ""  # public id of the thing, where there are several of a kind (a booking, a medication)


def word_of(kind: str) -> str:
    """The first word of a kind: whoever tells one kind with it tells all."""
    return kind.partition(".")[0]


LONG_AGO = datetime.min.replace(tzinfo=UTC)


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
    since: datetime = LONG_AGO  # admitted
    until: datetime | None = None
    way_in_since: datetime = LONG_AGO  # the case that led to it was opened; else as `since`

    def holds(self, when: datetime) -> bool:
        """Whether an instant lies in the stay."""
        return self.since <= when and (self.until is None or when <= self.until)


@dataclass(frozen=True, slots=True)
class PaidBy:
    """Of what kind a person's payer is, from a day to another (exclusive)."""

    person: int  # primary key
    kind: str  # "medicare"
    since: date
    until: date | None


class Teller(Protocol):
    """All facts of one word about these episodes, there is at least one; in a fixed number of reads, best in one."""

    def __call__(self, about: Collection[Subject]) -> Reading[Iterable[Fact]]: ...


class SubjectsProvider(Protocol):
    """The episodes of these people, or of everybody who is in treatment or aftercare."""

    def __call__(self, people: Collection[int] | None) -> Reading[list[Subject]]: ...


class PayersProvider(Protocol):
    """Who pays for these people; one read."""

    def __call__(self, people: Collection[int]) -> Reading[Iterable[PaidBy]]: ...


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
    """The days on which these sites are closed, by primary key; one read."""

    def __call__(self, sites: Collection[int]) -> Reading[dict[int, set[date]]]: ...


facts: Registry[Teller] = Registry("tellers of facts")  # by the first word of the kinds that it tells
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
    words: frozenset[str] = frozenset()  # only facts of these words; none: of any


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


Words = frozenset[str]
_gathered: ContextVar[dict[int, Words] | None] = ContextVar("gathered", default=None)


def changed(person: int, *words: str) -> None:
    """Say it in the transaction that changed the fact; what is due follows at once.

    `words`: nothing but facts of these words can be other than before (`word_of` their kinds), and only what asks for
    them is worked out anew. Leave them out where the dates of an episode changed, or who pays, or where in doubt.
    """
    for word in words:
        if word not in facts:
            raise Misconfigured(f"Nobody tells facts of {word!r}.")
    waiting = _gathered.get()
    if waiting is None:
        publish(FactsChanged(frozenset({person}), frozenset(words)))
    else:
        waiting[person] = _wider(waiting[person], frozenset(words)) if person in waiting else frozenset(words)


def _wider(one: Words, other: Words) -> Words:
    return one | other if one and other else frozenset()


@contextmanager
def together() -> Iterator[None]:
    """Around a service that changes the facts of many (a roll): what is due is worked out once, at its end."""
    if _gathered.get() is not None:  # an outer one is waiting already
        yield
        return
    waiting: dict[int, Words] = {}
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    for words in dict.fromkeys(waiting.values()):
        publish(FactsChanged(frozenset(each for each in waiting if waiting[each] == words), words))
