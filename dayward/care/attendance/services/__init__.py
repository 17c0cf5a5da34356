"""The only code that writes this package's tables."""

from __future__ import annotations

from dayward.care.attendance.services.exemptions import exempt_week, withdraw_exemption
from dayward.care.attendance.services.roll import (
    EARLIEST,
    close_roll,
    correct_absent,
    correct_times,
    mark_absent,
    mark_all_present,
    mark_left,
    mark_present,
    reopen_roll,
    standing_intervals,
    touched_bookings,
    undo,
    undo_all_present,
)
from dayward.care.attendance.services.weeks import (
    KEEPER,
    Drift,
    keep_up,
    refresh_all,
    refresh_kind,
    refresh_many,
    refresh_waiting,
    refresh_weeks,
)

__all__ = [
    "EARLIEST",
    "KEEPER",
    "Drift",
    "close_roll",
    "correct_absent",
    "correct_times",
    "exempt_week",
    "keep_up",
    "mark_absent",
    "mark_all_present",
    "mark_left",
    "mark_present",
    "refresh_all",
    "refresh_kind",
    "refresh_many",
    "refresh_waiting",
    "refresh_weeks",
    "reopen_roll",
    "standing_intervals",
    "touched_bookings",
    "undo",
    "undo_all_present",
    "withdraw_exemption",
]
