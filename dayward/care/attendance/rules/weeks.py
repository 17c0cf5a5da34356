"""Which service week a day belongs to, also where the way of cutting weeks changes in mid-stay (requirements 5.1, 5.5).

A week belongs to the definition that is in force when it begins. One that has begun ends as it would have; what is left
until the new definition's own first day is one short week, so that each day belongs to exactly one week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dayward.kernel.time import WeekDefinition, week_start

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Era:
    """From `since` weeks are cut like this; `until` (exclusive) where nothing follows at once."""

    since: date
    definition: WeekDefinition
    first: date | None = None  # of service, for rolling weeks
    until: date | None = None

    def natural(self, day: date) -> date:
        """Where the week that holds `day` would begin, had weeks always been cut like this."""
        return week_start(day, self.definition, self.first)


@dataclass(frozen=True, slots=True)
class ServiceSpan:
    """The days of a service week; `end` is exclusive."""

    start: date
    end: date
    definition: WeekDefinition

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def short(self) -> bool:
        return self.days < WEEK.days

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


def service_week(day: date, eras: Sequence[Era]) -> ServiceSpan:
    """The one that holds `day`. `eras` in the order of their beginning; the first one reaches back without an end."""
    era, begins, ends = _in_force(day, eras)
    natural = era.natural(day)
    start = natural if begins is None else max(natural, begins)
    end = natural + WEEK if ends is None else min(natural + WEEK, ends)
    return ServiceSpan(start, end, era.definition)


def _in_force(day: date, eras: Sequence[Era]) -> tuple[Era, date | None, date | None]:
    """The era whose weeks hold `day`, the first of their days, and the first day of the next era's."""
    found = eras[0] if eras else Era(day, WeekDefinition.SUNDAY)
    begins: date | None = None
    for following in eras[1:]:
        first = _first_week(found, begins, following)
        if day < first:
            return found, begins, first
        found, begins = following, first
    return found, begins, None


def _first_week(era: Era, begins: date | None, following: Era) -> date:
    """Where the following era's weeks begin: after the last week that the one before began."""
    last = min(era.until or following.since, following.since) - timedelta(days=1)
    if begins is not None and last < begins:  # none began
        return begins
    return max(era.natural(last) + WEEK, following.natural(following.since))
