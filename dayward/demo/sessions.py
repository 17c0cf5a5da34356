"""A day's sessions and who is expected in them. Nobody is booked twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import admission, clinic, timetable
from dayward.demo.dice import Dice
from dayward.demo.facts import Course, History, Meeting, Seat
from dayward.demo.special import PULL_OUT
from dayward.demo.timetable import Closings, CohortGroup

ONE_TO_ONE = timedelta(minutes=50)
MEDICATION_VISIT = timedelta(minutes=25)
HOURS = tuple(range(9, 20))
MISSES, BEGINNING = 2, 21  # visits missed in a row after which no other is booked; days


def office(staff: str) -> str:
    """Each clinician who sees people alone has a room for it."""
    plan = next(plan for plan in clinic.STAFF if plan.key == staff)
    return f"Office {plan.given[:1]}. {plan.family}"


def book_day(
    dice: Dice, history: History, courses: list[Course], day: date, closings: Closings,
    zones: dict[str, ZoneInfo],
) -> dict[Course, list[Seat]]:  # fmt: skip
    """Make the day's sessions and seats; the seats of each person who is expected today."""
    seats: dict[str, list[Seat]] = defaultdict(list)
    before = len(history.meetings)
    expected = {course.key: course for course in courses if admission.expected(course, day)}
    for group in timetable.groups():
        if day.isoweekday() in group.track.weekdays:
            _group_meeting(history, group, day, closings, zones[group.track.site], expected, seats)
    held = {meeting.group: meeting for meeting in history.meetings[before:]}
    for course in courses:
        _make_up(history, course, day, held, seats)
        _one_to_one(history, course, day, closings, zones[clinic.track(course.track).site], seats)
    busy: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for course in expected.values():
        if seats[course.key] and _visit_due(dice, course, day):
            _medication_visit(history, course, day, seats, busy)
    by_key = {course.key: course for course in courses}
    return {by_key[key]: mine for key, mine in seats.items() if mine}


def _group_meeting(
    history: History, group: CohortGroup, day: date, closings: Closings, zone: ZoneInfo,
    expected: dict[str, Course], seats: dict[str, list[Seat]],
) -> None:  # fmt: skip
    site = clinic.site(group.track.site)
    closed = closings.name(site, day)
    if closed:
        history.closures[site.key, day] = closed
    topics = group.slot.topics
    meeting = Meeting(
        key=f"{group.key}-{day:%y%m%d}", site=site.key, service=group.slot.service, title=group.name,
        topic=topics[day.isocalendar().week % len(topics)], starts=_at(day, group.slot.starts, zone),
        ends=_at(day, group.slot.ends, zone), room=group.room, staff=group.staff, group=group.key, day=day,
        cancelled=closed, video=group.track.video,
    )  # fmt: skip
    history.meetings.append(meeting)
    if closed:
        return
    for course in expected.values():
        if course.track == group.track.key and course.cohort == group.cohort:
            _take(history, Seat(f"{meeting.key}-{course.key}", meeting, course,
                                given_back_at=course.given_back.get(day)), seats)  # fmt: skip


def _one_to_one(
    history: History, course: Course, day: date, closings: Closings, zone: ZoneInfo,
    seats: dict[str, list[Seat]],
) -> None:  # fmt: skip
    if course.individual is None or course.individual[0] != day.isoweekday():
        return
    site = clinic.site(clinic.track(course.track).site)
    off = closings.name(site, day) or admission.on_hold(course, day)
    if (
        off
        or day in course.given_back
        or not course.starts_on <= day <= (course.individual_until or course.ends_on)
    ):
        return
    starts = _at(day, time.fromisoformat(course.individual[1]), zone)
    meeting = Meeting(
        key=f"one-{course.key}-{day:%y%m%d}", site=site.key, service="individual-therapy",
        title="Individual therapy", topic="", starts=starts, ends=starts + ONE_TO_ONE,
        room=office(course.therapist), staff=course.therapist, day=day, booked_by=course.admitted_by,
        video=course.case.telehealth,
    )  # fmt: skip
    history.meetings.append(meeting)
    _take(history, Seat(meeting.key, meeting, course), seats)


def _make_up(
    history: History, course: Course, day: date, held: dict[str, Meeting], seats: dict[str, list[Seat]]
) -> None:
    """The seats booked for what was missed."""
    for make_up in course.make_ups.get(day, ()):
        meeting = held.get(make_up.missed.meeting.group)
        if meeting is None or meeting.cancelled:
            continue
        _take(history, Seat(f"{meeting.key}-{course.key}", meeting, course, make_up=make_up), seats)


def _visit_due(dice: Dice, course: Course, day: date) -> bool:
    """Every second week, on one of the person's own days; one that was missed is booked again for their next day."""
    if course.never_starts:
        return False
    if course.visits_missed:
        return course.visits_missed <= MISSES
    if not course.on_medication:  # one look at the beginning, also where nothing is taken
        return course.visit_on is None and (day - course.starts_on).days < BEGINNING
    weekday = course.weekdays[dice.of("visits", course.key).whole(0, len(course.weekdays) - 1)]
    weekly = course.case.special == PULL_OUT
    return day.isoweekday() == weekday and (weekly or (day - course.starts_on).days // 7 % 2 == 0)


def _medication_visit(
    history: History, course: Course, day: date, seats: dict[str, list[Seat]],
    busy: dict[str, list[tuple[datetime, datetime]]],
) -> None:  # fmt: skip
    """A visit pulled out of one of the person's groups, at the prescriber's first free time."""
    for seat in [seat for seat in seats[course.key] if seat.meeting.group]:
        starts = seat.meeting.starts + timedelta(minutes=5)
        while starts + MEDICATION_VISIT <= seat.meeting.ends:
            ends = starts + MEDICATION_VISIT
            if not any(since < ends and starts < until for since, until in busy[course.prescriber]):
                busy[course.prescriber].append((starts, ends))
                meeting = Meeting(
                    key=f"rx-{course.key}-{day:%y%m%d}", site=seat.meeting.site, service="medication-visit",
                    title="Medication management visit", topic="", starts=starts, ends=ends,
                    room=office(course.prescriber), staff=course.prescriber, day=day,
                    booked_by=course.admitted_by, video=seat.meeting.video,
                )  # fmt: skip
                history.meetings.append(meeting)
                _take(history, Seat(meeting.key, meeting, course, out_of=seat.key), seats)
                course.visit_on, course.visits_missed = day, 0
                return
            starts += timedelta(minutes=30)
    course.visits_missed = max(1, course.visits_missed)  # no time was free: on the next day, then


def _take(history: History, seat: Seat, seats: dict[str, list[Seat]]) -> None:
    """One that was called off stays to be read; nobody is expected in it."""
    history.seats.append(seat)
    if seat.called_off_at is None:
        seats[seat.course.key].append(seat)


def weekly_time(
    course: Course, taken: dict[tuple[str, int, str], str], since: int = 1
) -> tuple[int, str] | None:
    """A weekly hour with the therapist that suits both, as close to the person's groups as there is."""
    plan = clinic.track(course.track)
    middle = plan.slots[0].starts.hour
    days = (*course.weekdays, *(day for day in range(1, 6) if day not in course.weekdays))
    for day in (day for day in days if day >= since):
        for hour in sorted(HOURS, key=lambda hour: (abs(hour - middle + 1), hour)):
            starts, ends = time(hour), time(hour, 50)
            if (course.therapist, day, f"{hour:02d}:00") in taken or _has_group(plan, day, starts, ends):
                continue
            if _own(course, day, starts, ends):
                continue
            if not _leads(course.therapist, day, starts, ends):
                return day, f"{hour:02d}:00"
    return None


def _has_group(plan: clinic.TrackPlan, day: int, starts: time, ends: time) -> bool:
    return day in plan.weekdays and starts < plan.slots[-1].ends and plan.slots[0].starts < ends


def _own(course: Course, day: int, starts: time, ends: time) -> bool:
    """Whether the person has work, school or children then."""
    return any(
        day in block.weekdays
        and starts < time.fromisoformat(block.ends)
        and time.fromisoformat(block.starts) < ends
        for block in course.case.own_hours
    )


def _leads(staff: str, day: int, starts: time, ends: time) -> bool:
    return any(
        day in group.track.weekdays and starts < group.slot.ends and group.slot.starts < ends
        for group in timetable.of_staff(staff)
    )


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)
