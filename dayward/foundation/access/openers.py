"""What opens a chart to a member of staff. Packages above register theirs in `apps.py`:

    openers.register("session_leader", Opener("session_leader", "You lead one of their sessions", leads))

An opener that belongs to a role-wide duty names the roles it works for; through it only what those roles
may is allowed, so that somebody with two roles gains nothing by combining them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading
from dayward.kernel.registry import Registry


class Opens(Protocol):
    """Whether the chart is open now. `person.all_ids` also has the rows said to be the same person.

    As a reading (kernel/gathering.py) it is looked up together with the others.
    """

    def __call__(self, staff: StaffMember, person: Person) -> bool | Reading[bool]: ...


class OpensMany(Protocol):
    """Of many people those (by key) whose chart it opens now, as a reading of one query; for lists.

    It may give others too, where asking for all that a member of staff has is cheaper than naming hundreds.
    """

    def __call__(self, staff: StaffMember, people: Collection[int]) -> Reading[Iterable[int]]: ...


@dataclass(frozen=True)
class Opener:
    """One reason why a chart is open; `sentence` completes "This chart is open to you because …"."""

    key: str
    sentence: str
    opens: Opens
    roles: frozenset[str] | None = None  # None: whatever roles the reader holds
    opens_many: OpensMany | None = None  # without it, lists leave out what only this opens


openers: Registry[Opener] = Registry("chart openers")
