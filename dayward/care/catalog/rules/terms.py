"""A program's numbers: bands warn, floors are gates with an override reason (requirements 1.2, N01-N14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

ADULT_FLOOR = 540  # 9 h a week, requirements 1.2 and 5.1
ADOLESCENT_FLOOR = 360  # 6 h
PARTIAL_HOSPITAL_FROM = 19 * 60  # above that it is partial hospitalization territory (5.1)


@dataclass(frozen=True)
class Terms:
    """What a program asks for, from a day on. Minutes a week, hours and days as bands, stay in days."""

    age_group: str
    floor_minutes: int
    prescribed_minutes: int
    hours_day_min: float
    hours_day_max: float
    days_week_min: int
    days_week_max: int
    stay_min_days: int
    stay_target_days: int
    stay_max_days: int
    hold_max_days: int = 14
    php_floor_minutes: int | None = None
    young_under_age: int | None = None
    young_floor_minutes: int | None = None


class Problem(str, Enum):
    """Why terms make no sense."""

    HOURS_BAND = "hours_band"
    DAYS_BAND = "days_band"
    STAY_ORDER = "stay_order"
    NOTHING_PRESCRIBED = "nothing_prescribed"
    YOUNG_FLOOR = "young_floor"
    PHP_FLOOR = "php_floor"


class Warn(str, Enum):
    """What is unusual, and allowed."""

    HOURS_OUTSIDE = "hours_outside"  # N01: 3-5 h a day
    DAYS_OUTSIDE = "days_outside"  # N02: 3-5 days a week
    PRESCRIBED_UNDER_FLOOR = "prescribed_under_floor"
    NO_SLACK = "no_slack"  # 5.5: exactly the floor
    PARTIAL_HOSPITAL = "partial_hospital"
    CANNOT_FIT = "cannot_fit"  # more than days x hours hold
    SHORT_STAY = "short_stay"  # N11: six weeks for best results


def usual_floor(age_group: str) -> int:
    """The floor that payers and states ask for: 9 h for adults, 6 h for adolescents."""
    return ADOLESCENT_FLOOR if age_group == "adolescent" else ADULT_FLOOR


def floor_needs_reason(terms: Terms) -> bool:
    """A floor under the usual one is a gate: it takes a named reason (requirements 1.2)."""
    return terms.floor_minutes < usual_floor(terms.age_group)


def problems(terms: Terms) -> tuple[Problem, ...]:
    """What must be mended before the terms can be kept."""
    found = []
    if not 0 < terms.hours_day_min <= terms.hours_day_max <= 24:
        found.append(Problem.HOURS_BAND)
    if not 1 <= terms.days_week_min <= terms.days_week_max <= 7:
        found.append(Problem.DAYS_BAND)
    if not 0 < terms.stay_min_days <= terms.stay_target_days <= terms.stay_max_days:
        found.append(Problem.STAY_ORDER)
    if terms.prescribed_minutes <= 0:
        found.append(Problem.NOTHING_PRESCRIBED)
    if (terms.young_under_age is None) != (terms.young_floor_minutes is None):
        found.append(Problem.YOUNG_FLOOR)
    if terms.php_floor_minutes is not None and terms.php_floor_minutes < terms.floor_minutes:
        found.append(Problem.PHP_FLOOR)
    return tuple(found)


def warnings(terms: Terms) -> tuple[Warn, ...]:
    """What is unusual: shown, never refused."""
    found = {
        Warn.HOURS_OUTSIDE: terms.hours_day_min < 3 or terms.hours_day_max > 5,
        Warn.DAYS_OUTSIDE: terms.days_week_min < 3 or terms.days_week_max > 5,
        Warn.PRESCRIBED_UNDER_FLOOR: terms.prescribed_minutes < terms.floor_minutes,
        Warn.NO_SLACK: terms.prescribed_minutes == terms.floor_minutes,
        Warn.PARTIAL_HOSPITAL: terms.prescribed_minutes > PARTIAL_HOSPITAL_FROM,
        Warn.CANNOT_FIT: terms.prescribed_minutes > terms.hours_day_max * 60 * terms.days_week_max,
        Warn.SHORT_STAY: terms.stay_target_days < 42,
    }
    return tuple(warn for warn, holds in found.items() if holds)


def prescription_warnings(terms: Terms, *, minutes: int, days: int) -> tuple[Warn, ...]:
    """The same bands for one person's prescribed week."""
    found = {
        Warn.HOURS_OUTSIDE: days > 0
        and not terms.hours_day_min * 60 <= minutes / days <= terms.hours_day_max * 60,
        Warn.DAYS_OUTSIDE: not terms.days_week_min <= days <= terms.days_week_max,
        Warn.PRESCRIBED_UNDER_FLOOR: minutes < terms.floor_minutes,
        Warn.NO_SLACK: minutes == terms.floor_minutes,
        Warn.PARTIAL_HOSPITAL: minutes > PARTIAL_HOSPITAL_FROM,
    }
    return tuple(warn for warn, holds in found.items() if holds)


class Stay(str, Enum):
    """Where a stay stands against the program's own policy (N06-N11)."""

    EARLY = "early"
    ON_COURSE = "on_course"
    PAST_TARGET = "past_target"
    PAST_MAX = "past_max"


@dataclass(frozen=True)
class StayState:
    days: int
    state: Stay
    target_on: date
    max_on: date
    must_end: bool  # the program says that its longest stay is a hard stop


def stay(started: date, today: date, terms: Terms, *, hard: bool) -> StayState:
    """How long the person has been here; the day of the start is day 1."""
    days = max((today - started).days + 1, 0)
    if days > terms.stay_max_days:
        state = Stay.PAST_MAX
    elif days > terms.stay_target_days:
        state = Stay.PAST_TARGET
    else:
        state = Stay.EARLY if days < terms.stay_min_days else Stay.ON_COURSE
    return StayState(
        days=days,
        state=state,
        target_on=started + timedelta(days=terms.stay_target_days - 1),
        max_on=started + timedelta(days=terms.stay_max_days - 1),
        must_end=hard and days >= terms.stay_max_days,
    )
