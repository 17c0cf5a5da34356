"""Who is meant: people by name in the order in which staff look for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode, IntakeCase
from dayward.care.journey.permissions import PIPELINE
from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import read_open_charts
from dayward.foundation.people import permissions as people
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import alike, appointments_of, matching
from dayward.kernel.gathering import together

SHOWN = 20
WEIGHED = 200  # of so many matches the best are chosen


class Standing(IntEnum):
    """What somebody is to the program; the first is looked for most often."""

    TREATED = 0
    WAITING = 1
    FORMER = 2
    NONE = 3


@dataclass(frozen=True)
class Found:
    """A person in a list: name and next appointment; anything else only where the chart is open."""

    person: Person
    next: datetime | None
    is_open: bool
    standing: Standing = Standing.NONE
    program: str = ""

    @property
    def born(self) -> date | None:
        return self.person.birth_date if self.is_open else None

    @property
    def what(self) -> str:
        """What they are, in words; empty for who may not see it."""
        if self.standing is Standing.WAITING:
            return _("Waiting")
        word = {Standing.TREATED: _("In treatment"), Standing.FORMER: _("Formerly")}.get(self.standing, "")
        return ", ".join(part for part in (word, self.program) if part)


@dataclass(frozen=True)
class Finding:
    """The best of those found, and of how many."""

    rows: list[Found] = field(default_factory=list)
    total: int = 0

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def find(
    powers: Powers, text: str, *, limit: int = SHOWN, near: bool = True, programs: bool = True
) -> Finding:
    """People of one's sites and programs: the best match first, then who is in treatment, waits, was here.

    Where somebody stands counts for the order only in charts that are open to the reader: to everybody else the
    list says a name and the next appointment, by name. `near` adds misspelled names, `programs` their programs.
    """
    if len(text) < 2:
        return Finding()
    rows = _weighed(powers, text, near, limit)
    follows, reads = together([read_open_charts(powers, rows, word) for word in (PIPELINE, people.READ)])
    placed = {row.pk: Standing(row.rank) if row.pk in follows else Standing.NONE for row in rows}
    best = sorted(rows, key=lambda row: _place(row, placed[row.pk]))[:limit]
    times = appointments_of(best) if best else {}
    named = _programs(row.pk for row in best if programs and placed[row.pk] is not Standing.NONE)
    found = [
        Found(row, times.get(row.pk), row.pk in reads, placed[row.pk], named.get(row.pk, "")) for row in best
    ]
    return Finding(found, max([len(found), *(row.total for row in rows)]))


def _place(row: Any, standing: Standing) -> tuple[int, Standing, float, str, str, int]:
    return row.inside, standing, -row.near, row.legal_family.casefold(), row.legal_given.casefold(), row.pk


def _weighed(powers: Powers, text: str, near: bool, limit: int) -> list[Any]:
    """Who fits, with `inside`, `near`, `rank` and the `total` of exact matches."""
    sites, theirs = [site.pk for site in powers.places(people.FIND)], powers.bound(people.FIND, person="")
    rank = _rank() if powers.may(PIPELINE) else Value(int(Standing.NONE))
    exact = (
        matching(text, sites=sites)
        .filter(theirs)
        .annotate(rank=rank, near=Value(0.0), total=Window(Count("*")))
    )
    rows: list[Any] = list(exact.order_by("inside", "rank", "legal_family", "legal_given", "pk")[:WEIGHED])
    if not near or len(rows) >= limit:
        return rows
    known = {row.pk for row in rows}
    guessed = (
        alike(text, sites=sites).filter(theirs).annotate(rank=rank, inside=Value(2), total=Value(0))[:limit]
    )
    return rows + [row for row in guessed if row.pk not in known]


def _rank() -> Case:
    episodes = Episode.objects.order_by()
    return Case(
        When(_have(episodes.filter(ended_at=None)), then=int(Standing.TREATED)),
        When(_have(IntakeCase.objects.open().order_by()), then=int(Standing.WAITING)),
        When(_have(episodes.exclude(state="never_started")), then=int(Standing.FORMER)),
        default=int(Standing.NONE),
    )


def _have(rows: QuerySet[Any]) -> Q:
    """People with one of these, under the row that is read or under a duplicate of it: few are."""
    own = rows.values("person")
    return Q(pk__in=own) | Q(
        pk__in=Person.objects.filter(same_as__isnull=False, pk__in=own).values("same_as")
    )


def _programs(keys: Iterable[int]) -> dict[int, str]:
    """The program of the open episode, or of the last."""
    wanted = list(keys)
    if not wanted:
        return {}
    theirs = Person.objects.filter(Q(pk__in=wanted) | Q(same_as__in=wanted)).values("pk")
    rows = Episode.objects.filter(person__in=theirs).annotate(whose=Coalesce("person__same_as", "person"))
    return dict(rows.order_by("ended_at", "pk").values_list("whose", "program__name"))
