"""Spans of time: plain arithmetic on instants, exact and in UTC, so that a change of the clock loses no minute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction


@dataclass(frozen=True, order=True)
class Span:
    """From `start` up to, not including, `end`; both in UTC, since local times subtract wrongly over a DST change."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        return max(self.end - self.start, timedelta(0))

    def overlaps(self, other: Span) -> bool:
        return max(self.start, other.start) < min(self.end, other.end)

    def holds(self, other: Span) -> bool:
        """Whether `other` lies inside."""
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]


def union(spans: Iterable[Span]) -> Spans:
    """The same time without overlaps, in order; empty spans are gone."""
    joined: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def clip(spans: Iterable[Span], within: Span) -> Spans:
    """What of `spans` lies inside `within`."""
    return union(Span(max(span.start, within.start), min(span.end, within.end)) for span in spans)


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> Spans:
    """`spans` without `taken`."""
    left = list(union(spans))
    for hole in union(taken):
        left = [part for span in left for part in _without(span, hole)]
    return tuple(left)


def _without(span: Span, hole: Span) -> Iterable[Span]:
    if not span.overlaps(hole):
        yield span
        return
    if span.start < hole.start:
        yield Span(span.start, hole.start)
    if hole.end < span.end:
        yield Span(hole.end, span.end)


def total(spans: Iterable[Span]) -> timedelta:
    """How long they are together, each instant once."""
    return sum((span.length for span in union(spans)), timedelta(0))


def minutes(length: timedelta) -> Fraction:
    """Elapsed minutes, exact: never a rounded number."""
    return Fraction(length // timedelta(microseconds=1), 60_000_000)
