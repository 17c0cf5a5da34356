"""Free times for an assessment: working hours minus what is taken, soonest first (T5: within 48 hours)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; the end does not belong to it."""

    starts: datetime
    ends: datetime

    def overlaps(self, other: Span) -> bool:
        return self.starts < other.ends and other.starts < self.ends


def free_starts(
    open_spans: Iterable[Span],
    taken: Iterable[Span],
    *,
    lasts: timedelta,
    after: datetime,
    step: timedelta = timedelta(minutes=30),
) -> Iterator[datetime]:
    """Starting times on the grid of each open span at which `lasts` fits without touching what is taken."""
    all_taken = tuple(taken)
    for span in sorted(open_spans, key=lambda each: each.starts):
        busy = [each for each in all_taken if span.overlaps(each)]
        start = span.starts
        while start + lasts <= span.ends:
            wanted = Span(start, start + lasts)
            if start >= after and not any(wanted.overlaps(each) for each in busy):
                yield start
            start += step
