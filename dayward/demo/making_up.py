"""Make-ups: who was excused and has a day without groups left in the week is offered the same groups then (5.3)."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import admission, clinic
from dayward.demo.dice import Dice
from dayward.demo.facts import Course, MakeUp, Seat
from dayward.demo.times import moment
from dayward.demo.timetable import Closings

TAKEN, CALLED_OFF = 0.6, 0.12
SPARE = 3  # seats that a group keeps for those who are still to come
SATURDAY = 6


def plan(
    dice: Dice, course: Course, seats: list[Seat], day: date, courses: list[Course], closings: Closings
) -> None:
    """Found and booked on the afternoon of the day that was missed."""
    missed = [seat for seat in seats if seat.meeting.group and seat.make_up is None]
    if not missed or course.state not in ("first_week", "active") or not dice.chance(TAKEN):
        return
    on = next((each for each in _rest_of_week(day) if _suits(course, each, courses, closings)), None)
    if on is None:
        return
    zone = ZoneInfo(clinic.site(clinic.track(course.track).site).zone)
    booked = moment(day, dice.between(20.5, 21.5), zone)
    off = booked + timedelta(minutes=20) if dice.chance(CALLED_OFF) else None
    course.make_ups[on] = [MakeUp(seat, booked, off) for seat in missed]


def plan_next_week(
    course: Course, seats: list[Seat], day: date, courses: list[Course], closings: Closings
) -> None:
    """The same groups on a day of the week after: where the program says so, they count in the week that was missed."""
    missed = [seat for seat in seats if seat.meeting.group]
    days = [day + timedelta(days=ahead) for ahead in range(2, 7)]
    on = next((each for each in days if _suits(course, each, courses, closings, spare=1)), None)
    if on is not None:
        booked = moment(day, 20.8, ZoneInfo(clinic.site(clinic.track(course.track).site).zone))
        course.make_ups[on] = [MakeUp(seat, booked) for seat in missed]


def _rest_of_week(day: date) -> list[date]:
    return [day + timedelta(days=ahead) for ahead in range(1, SATURDAY - day.isoweekday() + 1)]


def _suits(course: Course, day: date, courses: list[Course], closings: Closings, spare: int = SPARE) -> bool:
    track = clinic.track(course.track)
    weekday, first, last = day.isoweekday(), track.slots[0].starts, track.slots[-1].ends
    if weekday not in track.weekdays or weekday in course.weekdays or day > course.ends_on:
        return False
    if closings.name(clinic.site(track.site), day) or admission.on_hold(course, day):
        return False
    busy = any(weekday in own.weekdays and first < _clock(own.ends) and _clock(own.starts) < last
               for own in course.case.own_hours)  # fmt: skip
    sits = sum(other.track == course.track and other.cohort == course.cohort and weekday in other.weekdays
               for other in courses)  # fmt: skip
    return not busy and sits <= track.cap - spare


def _clock(text: str) -> time:
    return time.fromisoformat(text)
