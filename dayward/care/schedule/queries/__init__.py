"""Reads of the week; `week_for`, `sessions_between` and `offers` are what other packages use."""

from __future__ import annotations

from dayward.care.schedule.queries.choices import Offer, minutes_of_choice, offers, offers_for
from dayward.care.schedule.queries.week import (
    Day,
    Item,
    PersonWeek,
    clinical_minutes,
    sessions_between,
    week_for,
)

__all__ = [
    "Day",
    "Item",
    "Offer",
    "PersonWeek",
    "clinical_minutes",
    "minutes_of_choice",
    "offers",
    "offers_for",
    "sessions_between",
    "week_for",
]
