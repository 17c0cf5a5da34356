"""Who comes on a day, how late, and who leaves early (requirements 6.6)."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from dayward.demo.dice import Dice
from dayward.demo.facts import Course, History, Meeting, Missed, Presence, Seat

BASE = 0.86
MONDAY, FRIDAY = -0.06, -0.05
LATE, LATE_MINUTES = 0.12, 9
EARLY = 0.05
EXCUSES = ("Ill", "Child ill", "Work", "Car broke down", "Court date", "Doctor's appointment")


def comes(dice: Dice, course: Course, day: date) -> bool:
    """Whether the person comes at all on this day."""
    if course.never_starts or (course.drops_on and day >= course.drops_on):
        return False
    weekday = {1: MONDAY, 5: FRIDAY}.get(day.isoweekday(), 0.0)
    base = min(0.97, max(0.05, BASE + weekday))
    logit = math.log(base / (1 - base)) + course.reliability
    return dice.chance(1 / (1 + math.exp(-logit)))


def record_day(
    dice: Dice, history: History, course: Course, seats: list[Seat], present: bool, late: int | None
) -> None:
    """Intervals or absences for a person's seats of one day. `late` is given where a story says how late."""
    ordered = sorted(seats, key=lambda seat: (seat.meeting.starts, seat.key))
    if present:
        early = late is None and dice.chance(EARLY)
        _be_there(dice, history, course, ordered, _late_minutes(dice) if late is None else late, early)
    else:
        _be_away(dice, history, course, ordered)


def _late_minutes(dice: Dice) -> int:
    return min(50, 1 + round(dice.exponential(LATE_MINUTES))) if dice.chance(LATE) else 0


def _be_there(
    dice: Dice, history: History, course: Course, seats: list[Seat], late: int, early: bool
) -> None:
    main = [seat for seat in seats if not seat.out_of]
    for seat in seats:
        came, went = seat.meeting.starts, seat.meeting.ends
        if main and seat is main[0]:
            came = min(came + timedelta(minutes=late), went - timedelta(minutes=2))
        if early and main and seat is main[-1]:
            went = max(came + timedelta(minutes=5), went - timedelta(minutes=dice.whole(8, 30)))
        history.presences.append(Presence(seat, came, went))
        if course.first_service is None or came < course.first_service:
            course.first_service, course.first_leader = came, seat.meeting.staff
        course.last_service = max(course.last_service or went, went)
    course.absent_in_a_row, course.present_in_a_row = 0, course.present_in_a_row + 1


def _be_away(dice: Dice, history: History, course: Course, seats: list[Seat]) -> None:
    dropped = course.drops_on is not None and seats[0].meeting.starts.date() >= course.drops_on
    excused = not dropped and not course.never_starts and dice.chance(0.45)
    reason = dice.pick(EXCUSES) if excused else ""
    for seat in seats:
        told = seat.meeting.starts + timedelta(minutes=16)
        history.missed.append(Missed(seat, "excused" if excused else "unexcused", reason, told))
        if seat.meeting.service == "medication-visit":
            course.visits_missed += 1
    course.present_in_a_row = 0
    course.absent_in_a_row = 0 if excused else course.absent_in_a_row + 1


def note_risk(course: Course, at: datetime) -> None:
    """Two unexcused absences in a row flag; three kept days take the flag off (T15)."""
    if course.state not in ("first_week", "active"):
        return
    if not course.flagged and course.absent_in_a_row >= 2:
        course.go("flag_at_risk", course.state, at, course.therapist, "Two unexcused absences in a row")
    elif course.flagged and course.present_in_a_row >= 3:
        course.go("clear_at_risk", course.state, at, course.therapist, "Came to three days in a row")


def inside(meeting: Meeting, other: Meeting) -> bool:
    """Whether `meeting` lies within `other`."""
    return other.starts <= meeting.starts and meeting.ends <= other.ends
