"""What journey asks the schedule, which lies above it: when somebody works, when they are taken, and who sits where.

The schedule registers one `StaffCalendar` in its `apps.py`; without it, weekdays from nine to five are offered.
It tells the standing seats of an episode, too, so that a step to fewer days shows what falls away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils.dates import WEEKDAYS

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


@dataclass(frozen=True, slots=True)
class Seat:
    """A standing seat on one weekday (1 is Monday): which group, and how long a day of it counts."""

    title: str
    weekday: int
    minutes: int

    @property
    def day(self) -> str:
        return str(WEEKDAYS[self.weekday - 1])


class Seats(Protocol):
    """The standing seats of an episode on a day, in the order of the week."""

    def __call__(self, *, episode: int, on: date) -> list[Seat]: ...


seats: Registry[Seats] = Registry("standing seats")
