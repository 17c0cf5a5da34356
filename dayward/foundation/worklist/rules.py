"""How a due reads at an instant: how late, how near; and which dues make one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from dayward.foundation.standards.rules.pack import Unit
from dayward.kernel.time import local_day

SOON = timedelta(days=7)


class Standing(Enum):
    """From the most urgent to the least."""

    PAST_HARD_LINE = "past"
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"

    @property
    def is_late(self) -> bool:
        return self in (Standing.LATE, Standing.PAST_HARD_LINE)


def standing(due_at: datetime, hard_at: datetime | None, now: datetime, zone: ZoneInfo) -> Standing:
    """Whose time is up is late, to the second; the hard line makes it worse (standards)."""
    if due_at < now:
        return Standing.PAST_HARD_LINE if hard_at is not None and hard_at < now else Standing.LATE
    if local_day(due_at, zone) == local_day(now, zone):
        return Standing.TODAY
    return Standing.SOON if due_at - now < SOON else Standing.LATER


RANKS = {Standing.PAST_HARD_LINE: 0, Standing.LATE: 0, Standing.TODAY: 1, Standing.SOON: 2, Standing.LATER: 3}


def urgency(at: Standing, harm: int, due_at: datetime) -> tuple[int, int, datetime]:
    """Overdue first, then by harm: the worst first (0). What is not late yet stands by its date."""
    rank = RANKS[at]
    return rank, harm if rank == 0 else 0, due_at


@dataclass(frozen=True, slots=True)
class Away:
    """How far from now, in the unit people would use."""

    amount: int
    unit: Unit


def away(due_at: datetime, now: datetime, zone: ZoneInfo) -> Away:
    """Minutes up to an hour, hours up to two days, then days of the calendar; never nothing."""
    distance = abs(due_at - now)
    if distance < timedelta(hours=1):
        return Away(max(1, distance // timedelta(minutes=1)), Unit.MINUTES)
    if distance < timedelta(days=2):
        return Away(distance // timedelta(hours=1), Unit.HOURS)
    return Away(abs((local_day(due_at, zone) - local_day(now, zone)).days), Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Item:
    """What grouping needs of a due; `number` is its place in the list it came from."""

    number: int
    rule: str
    person: int
    by_thing: bool  # a rule with one due for each thing: the people of one session stand together
    start_at: datetime


def grouped(items: Iterable[Item]) -> list[tuple[int, ...]]:
    """Which dues make one line, in the order of their first: numbers of the list.

    One session's notes are one line however many people were there; so are one person's dues of one family (the
    first week, what comes after).
    """
    lines: dict[tuple[object, ...], list[int]] = {}
    every = list(items)
    together = _of_several_people(every)
    for item in every:
        session = (item.rule, item.start_at)
        key: tuple[object, ...] = session if session in together else (item.person, family(item.rule))
        lines.setdefault(key, []).append(item.number)
    return [tuple(numbers) for numbers in lines.values()]


def _of_several_people(items: Iterable[Item]) -> set[tuple[str, datetime]]:
    people: dict[tuple[str, datetime], set[int]] = {}
    for item in items:
        if item.by_thing:
            people.setdefault((item.rule, item.start_at), set()).add(item.person)
    return {key for key, found in people.items() if len(found) > 1}


def family(rule: str) -> str:
    """The first word of a rule's key: `week_one`, `aftercare`."""
    return rule.partition(".")[0]
