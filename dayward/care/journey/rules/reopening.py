"""Coming back soon: until when an ended episode may be reopened (requirements 4.2 T26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which an ended episode may go on, the first and the last one included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def window(ended_on: date, *, reopen_days: int, waiting_days: int = 0) -> Window | None:
    """None: coming back is a new episode, always (`reopen_days` 0) or because the waiting time is longer."""
    if reopen_days <= 0 or waiting_days > reopen_days:
        return None
    return Window(ended_on + timedelta(days=waiting_days), ended_on + timedelta(days=reopen_days))
