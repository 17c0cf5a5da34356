"""Fewer days, and leaving: when somebody steps down, when a discharge is planned, what follows it."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import papers
from dayward.demo.facts import Course, Move
from dayward.demo.times import moment

PLANNED = frozenset(("COMP", "STEPDN"))  # endings that are planned
AHEAD = timedelta(days=15)  # the discharge is planned so long before (T21: at least 14 days)
LEAST_STAY = timedelta(days=36)
BETWEEN = timedelta(days=10)  # steps down lie so far apart
STABLE = timedelta(days=15)
OP_DAYS = 2


def planned_on(course: Course) -> date | None:
    """The working day on which the discharge is planned; one in seven is planned late."""
    if course.kind not in PLANNED or course.never_starts:
        return None
    late = 8 if course.dice.of("leaving").chance(0.14) else 0
    day = course.ends_on - AHEAD + timedelta(days=late)
    day -= timedelta(days=max(0, day.isoweekday() - 5))
    if course.hold and day <= course.hold.back:
        day = course.hold.back + timedelta(days=1)
    return day if course.starts_on + timedelta(days=9) < day < course.ends_on else None


def moves_of(course: Course, zone: ZoneInfo) -> list[Move]:
    """The steps down of a stay: in the second half of a long one that will end as planned."""
    stay, plan, last = course.ends_on - course.starts_on, papers.plan_of(course, zone), planned_on(course)
    if course.kind not in PLANNED or stay < LEAST_STAY or course.case.special or course.never_starts:
        return []
    if plan is None or plan.complete is None:
        return []
    day = course.starts_on + timedelta(days=round(stay.days * 0.42))
    day = max(day, plan.complete.astimezone(zone).date() + STABLE)
    found: list[Move] = []
    days, least = len(course.weekdays), OP_DAYS if course.kind == "STEPDN" else 3
    while days > least:
        day = _steady(course, day)
        if day >= (last or course.ends_on):
            return found
        days -= 1
        level = "iop" if days > OP_DAYS else "op"
        found.append(Move(moment(day, 16.2, zone), day + timedelta(days=1), days, level))
        day += BETWEEN
    return found


def _steady(course: Course, day: date) -> date:
    """A working day on which the person has not been away for two weeks."""
    if course.hold and course.hold.first <= day < course.hold.back + STABLE:
        day = course.hold.back + STABLE
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
