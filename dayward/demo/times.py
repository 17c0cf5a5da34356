"""Days and times of day at a site."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment(day: date, hours: float, zone: ZoneInfo) -> datetime:
    """`hours` after midnight by the wall clock of the site, to the minute."""
    minutes = round(hours * 60)
    return datetime.combine(day, time(minutes // 60 % 24, minutes % 60), tzinfo=zone)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
