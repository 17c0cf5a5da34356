"""What the pages of a patient or guardian read: always by who reads, never by an address alone."""

from __future__ import annotations

from dayward.doors.portal.queries.home import (
    Home,
    Sheet,
    Week,
    home_for,
    sheet_for,
    sheet_in,
    sheets_for,
    title_of,
    weeks_for,
)

__all__ = [
    "Home",
    "Sheet",
    "Week",
    "home_for",
    "sheet_for",
    "sheet_in",
    "sheets_for",
    "title_of",
    "weeks_for",
]
