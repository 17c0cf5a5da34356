"""What programs and payers do differently about hours (requirements 5.1, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from dayward.kernel.time import WeekDefinition, week_start

Minutes = int | Fraction


class Basis(str, Enum):
    """Which of the figures is held against the floor: regulators differ (requirements 2.0)."""

    DELIVERED = "delivered"
    SCHEDULED = "scheduled"
    PRESCRIBED = "prescribed"


class LateRule(str, Enum):
    """What somebody is credited who came later than is tolerated."""

    ACTUAL = "actual"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults deny nothing: every minute of presence in clinical time is credited."""

    floor_minutes: Minutes = 0
    test: Basis = Basis.DELIVERED
    late_after_minutes: Minutes = 15
    late_rule: LateRule = LateRule.ACTUAL
    minimum_presence: Fraction = Fraction(0)  # a share of the session's clinical minutes
    breaks_count: bool = False
    day_minimum_minutes: Minutes | None = None
    day_minimum_services: int | None = None  # Medicare counts services, not minutes (requirements 2.1)


def begins_week(day: date, definition: WeekDefinition) -> bool:
    """Whether a service week can start on `day`; a rolling one starts with the service, on any day."""
    return definition is WeekDefinition.ROLLING or week_start(day, definition) == day
