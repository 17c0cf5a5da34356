"""How a week's services are spread: separate days, and the longest stretch without any (requirements 2.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a service between two days with one; holidays are not counted."""

    after: date
    before: date
    days: int


def separate_days(days: Iterable[date]) -> int:
    """Washington asks for three sessions on separate days in each of the first four weeks."""
    return len(set(days))


def largest_gap(days: Iterable[date], holidays: Collection[date] = ()) -> Gap | None:
    """Wyoming allows at most three days between clinical services, holidays aside. The earliest, if several."""
    served = sorted(set(days))
    gaps = [Gap(one, other, _between(one, other, holidays)) for one, other in pairwise(served)]
    return max(gaps, key=lambda gap: gap.days, default=None)


def _between(one: date, other: date, holidays: Collection[date]) -> int:
    missing = (one + timedelta(days=n) for n in range(1, (other - one).days))
    return sum(day not in holidays for day in missing)
