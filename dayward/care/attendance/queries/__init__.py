"""The roll, the counted week, and what was attended between two days."""

from __future__ import annotations

from dayward.care.attendance.queries.attended import Attended, AttendedDay, attended_between, read_attended
from dayward.care.attendance.queries.kept import kept_weeks
from dayward.care.attendance.queries.lines import Line, when_written
from dayward.care.attendance.queries.roll import (
    Roll,
    RollState,
    Row,
    attended_sessions,
    next_of,
    read_rolls,
    roll_of,
    rolls_of,
)
from dayward.care.attendance.queries.week import CountedWeek, WeekSum, read_sum, read_week, week_of

__all__ = [
    "Attended",
    "AttendedDay",
    "CountedWeek",
    "Line",
    "Roll",
    "RollState",
    "Row",
    "WeekSum",
    "attended_between",
    "attended_sessions",
    "kept_weeks",
    "next_of",
    "read_attended",
    "read_rolls",
    "read_sum",
    "read_week",
    "roll_of",
    "rolls_of",
    "week_of",
    "when_written",
]
