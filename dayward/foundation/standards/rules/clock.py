"""When a length of time has passed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.pack import Length, Unit
from dayward.kernel.time import at, local_day


def end_of(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """The last instant within `length` of `start`, in UTC.

    Minutes and hours are time that passes, whatever the clock on the wall does. Days are the site's calendar days
    (requirements 2.7: "within 3 calendar days"): a day counts whole, so the last one ends a second before midnight,
    and it is 23 or 25 hours long when the clock changes.
    """
    if length.unit is Unit.MINUTES:
        return start.astimezone(UTC) + timedelta(minutes=length.amount)
    if length.unit is Unit.HOURS:
        return start.astimezone(UTC) + timedelta(hours=length.amount)
    after = local_day(start, zone) + timedelta(days=length.amount + 1)
    return at(after, time.min, zone).astimezone(UTC) - timedelta(seconds=1)
