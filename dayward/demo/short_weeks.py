"""Weeks under the floor, there on purpose: a day given back ahead, a week excused, a make-up in the week after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import clinic
from dayward.demo.facts import Course
from dayward.demo.special import CARRIED, EXCUSED, GAVE_BACK, GAVE_BACK_TOO
from dayward.demo.times import moment
from dayward.demo.timetable import Closings

DAYS_GIVEN_BACK = {GAVE_BACK: 1, GAVE_BACK_TOO: 1, EXCUSED: 2}
WHY = {
    GAVE_BACK: "Her daughter's operation",
    GAVE_BACK_TOO: "Moving house that day",
    EXCUSED: "A funeral out of town",
}
FRIDAY, AGO = 5, timedelta(days=4)


def given_back(course: Course, anchor: date, closings: Closings) -> dict[date, datetime]:
    """The first days of the first build's week, told on the Friday before; of the next where that has a holiday."""
    site = clinic.site(clinic.track(course.track).site)
    sunday = anchor - timedelta(days=anchor.isoweekday() % 7)
    told = moment(sunday - timedelta(days=2), 15.2, ZoneInfo(site.zone))
    days = _week(sunday)
    if any(closings.name(site, day) for day in days):  # then the week is exempt, whoever comes
        days = _week(sunday + timedelta(days=7))
    theirs = [day for day in days if day.isoweekday() in course.weekdays]
    return dict.fromkeys(theirs[: DAYS_GIVEN_BACK.get(course.case.special, 0)], told)


def _week(sunday: date) -> list[date]:
    return [sunday + timedelta(days=n) for n in range(7)]


def stays_away(course: Course, day: date, anchor: date) -> bool:
    """On a Friday, so long before the first build that it could be made up for in the week after."""
    last = anchor - AGO
    return course.case.special == CARRIED and day == last - timedelta(days=(last.isoweekday() - FRIDAY) % 7)
