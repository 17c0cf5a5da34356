"""When a series meets: weekdays and wall-clock times at the site, on days when the site is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from dayward.kernel.spans import Span, Spans, clip, union
from dayward.kernel.time import at

ClockPair = tuple[time, time]


@dataclass(frozen=True)
class Rhythm:
    """A weekly rhythm. Weekdays are ISO (Monday is 1); `last_day` is included, None is without end."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    first_day: date
    last_day: date | None = None
    breaks: tuple[ClockPair, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """One meeting of a rhythm, as instants."""

    day: date
    span: Span
    breaks: Spans = ()


def problem(rhythm: Rhythm) -> str:
    """Why the rhythm makes no sense, as a key of `words.RHYTHM_PROBLEMS`; empty when it does."""
    if not rhythm.weekdays or not rhythm.weekdays <= set(range(1, 8)):
        return "weekdays"
    if rhythm.starts >= rhythm.ends:
        return "ends_before_start"
    if rhythm.last_day is not None and rhythm.last_day < rhythm.first_day:
        return "last_before_first"
    if any(start >= end or start < rhythm.starts or end > rhythm.ends for start, end in rhythm.breaks):
        return "breaks"
    return ""


def days(rhythm: Rhythm, *, since: date, until: date, closed: Collection[date] = ()) -> Iterator[date]:
    """The days in `since`..`until` (both included) on which it meets; closed days are skipped, not moved."""
    day = max(since, rhythm.first_day)
    last = until if rhythm.last_day is None else min(until, rhythm.last_day)
    while day <= last:
        if day.isoweekday() in rhythm.weekdays and day not in closed:
            yield day
        day += timedelta(days=1)


def meeting(rhythm: Rhythm, day: date, zone: ZoneInfo) -> Meeting:
    """The meeting of `day`: the clock on the wall is kept when summer time begins or ends."""
    span = Span(at(day, rhythm.starts, zone), at(day, rhythm.ends, zone))
    return Meeting(day, span, instants(rhythm.breaks, day, zone, span))


def instants(breaks: Iterable[ClockPair], day: date, zone: ZoneInfo, within: Span) -> Spans:
    """Wall-clock breaks of a day as instants inside the meeting."""
    return clip(union(Span(at(day, start, zone), at(day, end, zone)) for start, end in breaks), within)


def meetings(
    rhythm: Rhythm, zone: ZoneInfo, *, since: date, until: date, closed: Collection[date] = ()
) -> tuple[Meeting, ...]:
    """All meetings in `since`..`until`."""
    return tuple(meeting(rhythm, day, zone) for day in days(rhythm, since=since, until=until, closed=closed))
