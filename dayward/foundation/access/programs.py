"""Which programs a person belongs to: told by the package above that knows episodes and intake cases.

A role may be for some programs of a site only (`RoleAssignment.programs`). Who belongs to no program yet is
everybody's of the site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from dayward.foundation.people.models import Person
from dayward.kernel.facts import Treating, programs
from dayward.kernel.gathering import Reading, side_by_side
from dayward.kernel.registry import Registry


class Belonging(Protocol):
    """One provider, asked only where somebody's role is for some programs."""

    def programs_of(self, people: Collection[int]) -> Reading[Mapping[int, frozenset[str]]]:
        """The programs (public ids) of each of these, over all rows that are said to be the same person."""
        ...

    def people_of(self, programs: Collection[str]) -> Q:
        """Of rows of people: those of these programs, and those of none."""
        ...


belonging: Registry[Belonging] = Registry("programs that people belong to")


def programs_at(sites: Collection[int]) -> list[Treating]:
    """The programs of these sites that are open, by name."""
    return [each for ask in programs.values() for each in ask(sites)]


def names_of_programs(keys: Iterable[str], sites: Collection[int]) -> list[str]:
    """What they are called, for a sentence; of one that has closed that it has."""
    wanted = list(keys)
    known = {each.key: each.name for each in programs_at(sites)} if wanted else {}
    return sorted(known.get(key, _("a closed program")) for key in wanted)


def read_programs_of(people: Collection[int]) -> Reading[dict[int, frozenset[str]]]:
    """Nothing for who belongs to none."""
    told = yield from side_by_side(one.programs_of(people) for one in belonging.values())
    found: dict[int, frozenset[str]] = {}
    for each in told:
        for person, keys in each.items():
            found[person] = found.get(person, frozenset()) | keys
    return found


def people_of(keys: Collection[str], path: str) -> Q:
    """Of rows with a person at `path` (empty: of people): those that a role for these programs is about."""
    rows = Person.objects.all()
    for one in belonging.values():
        rows = rows.filter(one.people_of(keys))
    return Q(**{f"{path}__in" if path else "pk__in": rows.values("pk")})
