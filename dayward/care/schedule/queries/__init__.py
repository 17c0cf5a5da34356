"""Reads of the week; `week_for`, `sessions_between` and `offers` are what other packages use."""

from __future__ import annotations

from dayward.care.schedule.queries.choices import Board, Offer, board, minutes_of_choice, offers
from dayward.care.schedule.queries.week import (
    Day,
    Item,
    PersonWeek,
    clinical_minutes,
    read_led_today,
    sessions_between,
    week_for,
    within_today,
)

__all__ = [
    "Board",
    "Day",
    "Item",
    "Offer",
    "PersonWeek",
    "board",
    "clinical_minutes",
    "minutes_of_choice",
    "offers",
    "read_led_today",
    "sessions_between",
    "week_for",
    "within_today",
]
