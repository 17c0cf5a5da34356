"""When a length of time has passed."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.pack import Length, Unit
from dayward.kernel.time import at, local_day

SATURDAY = 5
DAY = timedelta(days=1)
LONGEST_CLOSED = 366  # a site that is closed for longer has no business days to wait for


@dataclass(frozen=True, slots=True)
class Count:
    """What counted clocks count for one person: attended sessions and those still expected, in the order of time."""

    days: Sequence[date] = ()  # local days with one of them
    sessions: Sequence[datetime] = ()  # their beginnings
    of_form: Mapping[str, Sequence[datetime]] = field(default_factory=dict)  # "individual" -> beginnings


def end_of(start: datetime, length: Length, zone: ZoneInfo, closed: Collection[date] = ()) -> datetime:
    """The last instant within `length` of `start`, in UTC; for clocks that time alone moves.

    Minutes and hours are time that passes, whatever the clock on the wall does. Days are the site's calendar days
    (requirements 2.7: "within 3 calendar days"): a day counts whole, so the last one ends a second before midnight,
    and it is 23 or 25 hours long when the clock changes. The day of the start is not counted.
    """
    if length.unit is Unit.MINUTES:
        return start.astimezone(UTC) + timedelta(minutes=length.amount)
    if length.unit is Unit.HOURS:
        return start.astimezone(UTC) + timedelta(hours=length.amount)
    return end_of_day(_last_day(local_day(start, zone), length, closed), zone)


def _last_day(first: date, length: Length, closed: Collection[date]) -> date:
    if length.unit is Unit.DAYS:
        return first + length.amount * DAY
    if length.unit is Unit.MONTHS:
        return months_later(first, length.amount)
    if length.unit in (Unit.OPEN_DAYS, Unit.BUSINESS_DAYS):
        return _open_days_later(first, length, closed)
    raise ValueError(f"{length.unit.value} are moved by what happens, not by time alone")


def _open_days_later(first: date, length: Length, closed: Collection[date]) -> date:
    day, left, skipped = first, length.amount, 0
    while left and skipped < LONGEST_CLOSED:
        day += DAY
        weekend = length.unit is Unit.BUSINESS_DAYS and day.weekday() >= SATURDAY
        if weekend or day in closed:
            skipped += 1
        else:
            left -= 1
    return day


def months_later(first: date, months: int) -> date:
    """January 31 and a month is the last of February."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """A second before midnight, in UTC."""
    return at(day + DAY, time.min, zone).astimezone(UTC) - timedelta(seconds=1)


def end_by_count(
    start: datetime, length: Length, zone: ZoneInfo, count: Count, *, form: str = "", start_day: bool = False
) -> datetime | None:
    """The last instant of a clock that sessions move; None while not enough of them are known.

    245G.06: "by end of 10th day with a treatment session, excl. start day"; WA: "before the next session of same type".
    """
    if length.unit is Unit.NEXT_SESSION:
        instants = count.of_form.get(form, ()) if form else count.sessions
        begin = _nth_after(instants, start, length.amount)
        return begin.astimezone(UTC) if begin else None
    if length.unit is Unit.SESSIONS:
        begin = _nth_after(count.sessions, start, length.amount)
        return end_of_day(local_day(begin, zone), zone) if begin else None
    first = local_day(start, zone) - (DAY if start_day else timedelta())
    place = bisect_right(count.days, first) + length.amount - 1
    return end_of_day(count.days[place], zone) if place < len(count.days) else None


def _nth_after(instants: Sequence[datetime], start: datetime, amount: int) -> datetime | None:
    place = bisect_right(instants, start) + amount - 1
    return instants[place] if place < len(instants) else None
