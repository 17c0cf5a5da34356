"""The minutes of a typical week, before any calendar: what a choice of groups and days adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Slot:
    """A weekly meeting: minutes since midnight, breaks inside; `counts` towards the floor."""

    weekday: int
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    counts: bool = True


def minute_of_day(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def slots(
    weekdays: Iterable[int],
    starts: time,
    ends: time,
    breaks: Iterable[tuple[time, time]] = (),
    *,
    counts: bool = True,
) -> tuple[Slot, ...]:
    """A rhythm as one slot a weekday."""
    pauses = tuple((minute_of_day(start), minute_of_day(end)) for start, end in breaks)
    first, last = minute_of_day(starts), minute_of_day(ends)
    return tuple(Slot(day, first, last, pauses, counts) for day in sorted(set(weekdays)))


def minutes_by_day(week: Iterable[Slot]) -> dict[int, int]:
    """Countable minutes per weekday: breaks out, a minute scheduled twice counted once (5.1)."""
    taken: dict[int, set[int]] = defaultdict(set)
    for slot in week:
        if slot.counts:
            pause = {minute for start, end in slot.breaks for minute in range(start, end)}
            taken[slot.weekday] |= set(range(slot.start, slot.end)) - pause
    return {day: len(minutes) for day, minutes in sorted(taken.items())}


def weekly_minutes(week: Iterable[Slot]) -> int:
    """Countable minutes of the week."""
    return sum(minutes_by_day(week).values())
