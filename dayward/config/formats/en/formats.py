"""One form of a day and of a time everywhere: Nov 5, 2026, 5:30 PM (as `date:"M j, Y"` writes it in templates)."""

from __future__ import annotations

DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "M j, Y, g:i A"
MONTH_DAY_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
