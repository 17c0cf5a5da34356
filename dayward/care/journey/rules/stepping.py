"""Fewer days or hours: the usual next step, a taper, and what a step changes (requirements T18, N12, F14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LEVELS = ("op", "iop", "php")  # from the least to the most
OP_LEAST, OP_MOST = 180, 360  # N12: three to six hours a week
OP_DAYS = 2
IOP_LEAST_DAYS = 3  # N02
WEEKS_EACH = 2  # F14, by habit; the team changes it
LONGEST_TAPER = 8


@dataclass(frozen=True, slots=True)
class Amount:
    """What is prescribed a week."""

    level: str
    days: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One planned step, and the day it begins."""

    on: date
    amount: Amount


def is_less(new: Amount, old: Amount) -> bool:
    """A step down never gives more of anything, and less of something (T18)."""
    deltas = (
        LEVELS.index(new.level) - LEVELS.index(old.level),
        new.days - old.days,
        new.minutes - old.minutes,
    )
    return all(each <= 0 for each in deltas) and any(each < 0 for each in deltas)


def next_step(now: Amount, floor: int) -> Amount | None:
    """5 -> 4 -> 3 days at the same hours a day, not under the floor; then outpatient care (N12). None: no less."""
    if now.level == "op":
        fewer = Amount(
            "op", max(now.days - 1, 1), max(now.minutes - now.minutes // max(now.days, 1), OP_LEAST)
        )
        return fewer if is_less(fewer, now) else None
    if now.days > IOP_LEAST_DAYS:
        days = now.days - 1
        return Amount("iop", days, min(now.minutes, max(floor, now.minutes * days // now.days)))
    per_day = now.minutes // max(now.days, 1)
    days = min(OP_DAYS, now.days)
    minutes = min(now.minutes, OP_MOST, max(OP_LEAST, per_day * days))
    return Amount("op", days, minutes)


def taper(now: Amount, floor: int, since: date, weeks: int = WEEKS_EACH) -> tuple[Planned, ...]:
    """The usual steps from here down to outpatient care, each for some weeks (F14)."""
    steps: list[Planned] = []
    amount = now
    while len(steps) < LONGEST_TAPER and amount.level != "op":
        following = next_step(amount, floor)
        if following is None:
            break
        steps.append(Planned(since + timedelta(weeks=weeks * len(steps)), following))
        amount = following
    return tuple(steps)
