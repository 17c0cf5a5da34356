"""Which programs somebody belongs to: those they are or were treated in, else those they ask for.

An intake case counts while it is open, afterwards only for who was never admitted. Who has neither, or asked for no
program yet, belongs to none: everybody of the site may find them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from dayward.care.journey.models import Episode, IntakeCase, WaitlistEntry
from dayward.care.journey.models.cases import OPEN_STATES
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading

LINKS = 3  # of rows that are said to be the same person, one after another
PROGRAM = "program__public_id"


class JourneyBelonging:
    """As `access.programs.Belonging`."""

    def programs_of(self, people: Collection[int]) -> Reading[Mapping[int, frozenset[str]]]:
        """Four reads in one statement."""
        rows = Person.objects.filter(pk__in=people).annotate(whose=_read_as())
        theirs = Q(whose__in=rows.values("whose"))
        named, treated, asked, waits = yield [
            rows.values_list("pk", "whose"),
            _episodes().filter(theirs).values_list("whose", PROGRAM),
            _cases().filter(theirs).values_list("whose", PROGRAM, "state"),
            _waits().filter(theirs).values_list("whose", PROGRAM),
        ]
        admitted = {whose for whose, _program in treated}
        counting = [
            (whose, program)
            for whose, program, state in asked
            if state in OPEN_STATES or whose not in admitted
        ]
        found: dict[int, set[str]] = defaultdict(set)
        for whose, program in (*treated, *counting, *waits):
            found[whose].add(program)
        return {pk: frozenset(found[whose]) for pk, whose in named if whose in found}

    def people_of(self, programs: Collection[str]) -> Q:
        """The same asked of the tables, each read once: lists are long."""
        here = Q(**{f"{PROGRAM}__in": programs})
        counts = Q(state__in=OPEN_STATES) | ~Q(whose__in=_episodes().values("whose"))
        ours = (
            Q(whose__in=_episodes().filter(here).values("whose"))
            | Q(whose__in=_cases().filter(here & counts).values("whose"))
            | Q(whose__in=_waits().filter(here).values("whose"))
        )
        placed = (
            Q(whose__in=_episodes().values("whose"))
            | Q(whose__in=_cases().values("whose"))
            | Q(whose__in=_waits().values("whose"))
        )
        rows = Person.objects.annotate(whose=_read_as()).filter(ours | ~placed)
        return Q(pk__in=rows.values("pk"))


def _read_as(path: str = "") -> Coalesce:
    """The row that is read for the person at `path`."""
    links = ["__".join([path, *["same_as"] * n] if path else ["same_as"] * n) for n in range(LINKS, 0, -1)]
    return Coalesce(*links, path or "pk")


def _episodes() -> QuerySet[Any]:
    return Episode.objects.annotate(whose=_read_as("person")).order_by()


def _cases() -> QuerySet[Any]:
    rows = IntakeCase.objects.filter(program__isnull=False).exclude(state="case_in_error")
    return rows.annotate(whose=_read_as("person")).order_by()


def _waits() -> QuerySet[Any]:
    rows = WaitlistEntry.objects.filter(program__isnull=False, ended_at=None)
    return rows.annotate(whose=_read_as("case__person")).order_by()
