"""A person's own hours (job, school, childcare): they warn, and take an override with a reason (G09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from dayward.kernel.spans import Span
from dayward.kernel.time import at, local_day


@dataclass(frozen=True)
class Busy:
    """Weekly hours of their own. `ends` at or before `starts` is on the next day: a night shift.

    A weekday is the one on which the hours start (ISO); `until_day` is not included.
    """

    kind: str
    weekdays: frozenset[int]
    starts: time
    ends: time
    from_day: date
    until_day: date | None = None

    def holds_on(self, day: date) -> bool:
        in_dates = self.from_day <= day and (self.until_day is None or day < self.until_day)
        return in_dates and day.isoweekday() in self.weekdays

    def on(self, day: date, zone: ZoneInfo) -> Span:
        """The hours that start on `day`."""
        last = day if self.ends > self.starts else day + timedelta(days=1)
        return Span(at(day, self.starts, zone), at(last, self.ends, zone))


def busy_spans(busy: Iterable[Busy], zone: ZoneInfo, *, since: date, until: date) -> list[tuple[Busy, Span]]:
    """Every stretch that touches `since`..`until`; a night shift of the evening before counts too."""
    found = []
    for each in busy:
        day = since - timedelta(days=1)
        while day <= until:
            if each.holds_on(day):
                found.append((each, each.on(day, zone)))
            day += timedelta(days=1)
    return found


def conflicts(busy: Iterable[Busy], spans: Iterable[Span], zone: ZoneInfo) -> list[tuple[Span, Busy]]:
    """Which of `spans` run into which hours. Touching ends do not collide."""
    wanted = sorted(spans)
    if not wanted:
        return []
    since = local_day(wanted[0].start, zone)
    until = local_day(max(span.end for span in wanted), zone)
    taken = busy_spans(busy, zone, since=since, until=until)
    return [(span, each) for span in wanted for each, hours in taken if span.overlaps(hours)]
