"""What this package tells standards: programs, and the days on which a site is closed (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from dayward.care.catalog.models import Closure, Program
from dayward.kernel.facts import Treating
from dayward.kernel.gathering import Reading, all_of


def closed_days(sites: Collection[int]) -> Reading[dict[int, set[date]]]:
    """Holidays, weather and the like; what was withdrawn is open again."""
    found: dict[int, set[date]] = defaultdict(set)
    rows = Closure.objects.standing().filter(site__in=sites).values_list("site_id", "day")
    for site, day in (yield from all_of(rows)):
        found[site].add(day)
    return found


def programs(sites: Collection[int]) -> list[Treating]:
    """Those that have not closed. One query."""
    rows = Program.objects.filter(site__in=sites, closed_on=None).order_by("name", "pk")
    return [Treating(*row) for row in rows.values_list("public_id", "name", "site_id", "stream", "age_group")]
