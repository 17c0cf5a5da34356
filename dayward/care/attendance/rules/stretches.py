"""Stretches of time as pairs of whole microseconds: exact like `kernel.spans`, and quick enough for a million
intervals. Only the engine works with them; what it hands out are spans and minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from dayward.kernel.spans import Span, Spans

Stretch = tuple[int, int]
Stretches = tuple[Stretch, ...]
MINUTE = 60_000_000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def ticks(instant: datetime) -> int:
    return (instant - _FIRST) // _TICK


def stretch(span: Span) -> Stretch:
    return (span.start - _FIRST) // _TICK, (span.end - _FIRST) // _TICK


def as_spans(stretches: Stretches) -> Spans:
    return tuple(Span(_FIRST + start * _TICK, _FIRST + end * _TICK) for start, end in stretches)


def as_minutes(length: int) -> Fraction:
    return Fraction(length, MINUTE)


def joined(stretches: Iterable[Stretch]) -> Stretches:
    """The same time without overlaps, in order; empty stretches are gone."""
    found: list[Stretch] = []
    ordered = sorted(stretches)
    if len(ordered) == 1:
        return tuple(ordered) if ordered[0][0] < ordered[0][1] else ()
    for start, end in ordered:
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def cut(stretches: Stretches, start: int, end: int) -> Stretches:
    """What of joined stretches lies between `start` and `end`."""
    if not stretches or (start <= stretches[0][0] and stretches[-1][1] <= end):
        return stretches
    return tuple([(max(a, start), min(b, end)) for a, b in stretches if a < end and b > start])


def without(stretches: Stretches, holes: Stretches) -> Stretches:
    """Joined stretches without joined holes."""
    if not holes or not stretches or holes[0][0] >= stretches[-1][1] or holes[-1][1] <= stretches[0][0]:
        return stretches
    left: list[Stretch] = []
    for start, end in stretches:
        for a, b in holes:
            if b <= start:
                continue
            if a >= end:
                break
            if a > start:
                left.append((start, a))
            start = b
        if start < end:
            left.append((start, end))
    return tuple(left)


def length(stretches: Stretches) -> int:
    found = 0
    for start, end in stretches:
        found += end - start
    return found
