"""What is offered to the person by itself, and when (measures.md sections 5.7 and 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

EVERY = timedelta(days=7)
EARLY = timedelta(days=2)  # a week gives or takes two days
OPENS, CLOSES = 7, 18  # hours of a weekday at the site
WEEKEND = 6  # from ISO weekday on


def is_due(last: datetime | None, now: datetime) -> bool:
    """Weekly: never done, or last done five days ago or longer."""
    return last is None or now - last >= EVERY - EARLY


def is_watched(local: datetime) -> bool:
    """Whether somebody is here: "without on-call cover, do not schedule item 9 for evenings and weekends"."""
    return local.isoweekday() < WEEKEND and OPENS <= local.hour < CLOSES
