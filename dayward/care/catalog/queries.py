from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from dayward.care.catalog.models import Closure, Program, ProgramTerms
from dayward.foundation.organization.models import Site


def terms_on(program: Program, day: date) -> ProgramTerms | None:
    """The program's numbers that hold on a day; before the first ones, the first."""
    rows = sorted(
        program.terms.all(), key=lambda row: row.effective_from
    )  # a handful, prefetched by some pages
    begun = (row for row in rows if row.effective_from <= day)
    holding = next((row for row in begun if row.effective_to is None or row.effective_to > day), None)
    return holding or next(iter(rows), None)


def closed_days(site: Site, since: date, until: date) -> set[date]:
    """The days in `since`..`until` on which the site is closed."""
    rows = Closure.objects.standing().filter(site=site, day__gte=since, day__lte=until)
    return set(rows.values_list("day", flat=True))


@dataclass(frozen=True)
class Holiday:
    """A public holiday that the site might close on; a person decides."""

    day: date
    name: str
    closed: bool  # accepted already


def proposed_holidays(site: Site, year: int) -> list[Holiday]:
    """Public holidays of the site's state in a year, by the package `holidays`."""
    closed = closed_days(site, date(year, 1, 1), date(year, 12, 31))
    return [Holiday(day, name, day in closed) for day, name in _holidays(site.state, year)]


@lru_cache(maxsize=64)
def _holidays(state: str, year: int) -> tuple[tuple[date, str], ...]:
    known = state if state in holidays.country_holidays("US").subdivisions else None
    found: dict[date, str] = dict(holidays.country_holidays("US", subdiv=known, years=year, language="en_US"))
    return tuple(sorted(found.items()))
