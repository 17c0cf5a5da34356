"""What this package asks of packages above it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dayward.care.attendance.rules.floors import Floor, floors_for
from dayward.care.attendance.rules.settings import Settings
from dayward.care.catalog.models import ProgramTerms
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, both, side_by_side
from dayward.kernel.registry import Registry


class NotesProgress(Protocol):
    """How far the notes of a session are."""

    @property
    def there(self) -> int: ...

    @property
    def signed(self) -> int: ...


Documented = Callable[[Collection[int]], Reading[Mapping[int, NotesProgress]]]

# By session (primary keys): of how many who were there a note is signed. `chart.notes` answers.
documented: Registry[Documented] = Registry("documented sessions")


def read_notes_of_sessions(session_ids: Collection[int]) -> Reading[dict[int, NotesProgress]]:
    """The progress of sessions in which somebody is to have a note."""
    found: dict[int, NotesProgress] = {}
    for some in (yield from side_by_side(known(session_ids) for known in documented.values())):
        found.update(some)
    return found


# Whether the plan lets a session of their own make up for a missed one of several people, of this kind of service
# (by primary key). `chart.plans` answers; where nobody does, no plan says so.
MadeUpAlone = Callable[[Person, int], bool]
made_up_alone: Registry[MadeUpAlone] = Registry("make-ups alone")


def may_be_made_up_alone(person: Person, service: int) -> bool:
    return any(told(person, service) for told in made_up_alone.values())


@dataclass(frozen=True)
class Asking:
    """A person's week, as those who have something to say about it are asked."""

    person: int  # primary key
    segment: int  # primary key
    level: str
    age: int | None  # on the first day
    start: date
    end: date  # exclusive
    program: str
    terms: ProgramTerms | None


class FloorsProvider(Protocol):
    """Reads in one statement with everything else of these people (each row with the person to read for it), and says
    afterwards which floors hold for their weeks."""

    def read(self, whose: Mapping[int, int]) -> Reading[Any]: ...

    def floors(self, asked: Sequence[Asking], known: Any) -> Sequence[Sequence[Floor]]: ...


SettingsProvider = Callable[[Sequence[Asking]], Sequence[Settings | None]]

# Whose floors a week is held against, each with its own verdict, in the order asked. The program answers first; what a
# payer or a state asks for is added to it and never replaces it. Few queries, for any number of weeks.
floors: Registry[FloorsProvider] = Registry("floors of a week")
# How minutes are counted: the first who knows. The program answers until a payer says otherwise.
settings: Registry[SettingsProvider] = Registry("settings of a week")


Known = Mapping[str, Any]  # what each provider of floors has read


def read_floors(whose: Mapping[int, int]) -> Reading[Known]:
    found: dict[str, Any] = {}
    reading: Reading[Any] = nothing()
    for _key, provider in floors:
        reading = both(reading, provider.read(whose))
    told = yield from reading
    for key, _provider in reversed(list(floors)):
        told, found[key] = told
    return found


def nothing() -> Reading[None]:
    yield from ()
    return None


def floors_of(asked: Sequence[Asking], known: Known) -> list[tuple[Floor, ...]]:
    """The floors that hold for each; those of the first provider first."""
    found: list[tuple[Floor, ...]] = [() for _each in asked]
    for key, provider in floors:
        for place, told in enumerate(provider.floors(asked, known[key])):
            each = asked[place]
            found[place] += floors_for(told, level=each.level, age=each.age)
    return found


def settings_of(asked: Sequence[Asking]) -> list[Settings]:
    found: list[Settings | None] = [None for _each in asked]
    for provider in settings.values():
        for place, told in enumerate(provider(asked)):
            found[place] = found[place] or told
    return [each or Settings() for each in found]
