"""Time: instants in UTC, days and weeks in a site's zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo


class WeekDefinition(str, Enum):
    """When a service week starts (requirements 5.1)."""

    SUNDAY = "sunday"
    MONDAY = "monday"
    ROLLING = "rolling"  # seven days at a time from the first day of service


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an aware instant at the site."""
    return instant.astimezone(zone).date()


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time at the site; one that exists twice is the first."""
    return datetime.combine(day, clock.replace(fold=0), tzinfo=zone)


def week_start(
    day: date, definition: WeekDefinition = WeekDefinition.SUNDAY, first: date | None = None
) -> date:
    """First day of the service week that holds `day`; a rolling one counts from `first`, else from `day` itself."""
    if definition is WeekDefinition.ROLLING:
        return day - timedelta(days=(day - (first or day)).days % 7)
    weekday = day.isoweekday() % 7 if definition is WeekDefinition.SUNDAY else day.weekday()
    return day - timedelta(days=weekday)


def written_day(text: str) -> date | None:
    """A day as an address has it (2026-03-02); None for anything else, and for years that nobody plans in."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None
