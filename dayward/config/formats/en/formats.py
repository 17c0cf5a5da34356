"""Times read as everywhere here: 5:30 PM (care/schedule/times.py). Days stay as Django has them."""

from __future__ import annotations

TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "N j, Y, g:i A"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
