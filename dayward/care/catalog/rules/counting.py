"""Whether a kind of service counts towards the floor on a day: what held before the first change, and each change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

Dated = Sequence[
    Sequence[str]
]  # the day from which it holds, as 2026-11-22, and the word; in the order of days


def word_on(day: date, first: str, dated: Dated) -> str:
    """The last word said from `day` or before; `first` where none was."""
    written = day.isoformat()
    return next((word for since, word in reversed(dated) if since <= written), first)
