"""What journey asks the schedule, which lies above it: when somebody works, and when they are taken.

The schedule registers one `StaffCalendar` in its `apps.py`; without it, weekdays from nine to five are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dayward.care.journey.rules.slots import Span
from dayward.foundation.organization.models import Site
from dayward.kernel.registry import Registry


class StaffCalendar(Protocol):
    """Working hours and taken time of some members of staff between two instants, by staff id."""

    def working(
        self, staff: Sequence[int], site: Site, since: datetime, until: datetime
    ) -> dict[int, list[Span]]: ...

    def taken(self, staff: Sequence[int], since: datetime, until: datetime) -> dict[int, list[Span]]: ...


calendars: Registry[StaffCalendar] = Registry("staff calendars")
