"""Admission, how long people stay and how it ends (requirements 6.3, 6.6)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import clinic, leaving, papers, timetable
from dayward.demo.clinic import TrackPlan
from dayward.demo.dice import Dice
from dayward.demo.facts import Attempt, Case, Course, Hold, Move
from dayward.demo.funnel import NEVER_START
from dayward.demo.times import moment, working_day

#: The mix of a good clinic (6.6): (discharge type, share).
ENDS = (("COMP", 0.36), ("STEPDN", 0.14), ("XFER", 0.11), ("STEPUP", 0.09), ("LOST", 0.13), ("ASA", 0.04),
        ("ADMIN", 0.07), ("MOVE", 0.03), ("INSUR", 0.03))  # fmt: skip
STEADY = "Steady for two weeks; fewer days"
IN_PERSON = "Comes in person only"
NOT_ALL = "The plan is with the team for signature; the list of the first week is gone through again"
HOLDS = ("Hospital stay", "Travel", "Illness")


def free_cohort(plan: TrackPlan, open_courses: list[Course], kept_free: int = 1) -> int | None:
    """The cohort with the most free seats, or None when the track is full but for the seats kept free."""
    filled = Counter(course.cohort for course in open_courses if course.track == plan.key)
    cohort = min(range(plan.cohorts), key=lambda number: (filled[number], number))
    return cohort if filled[cohort] < plan.cap - kept_free else None


def admit(
    dice: Dice, case: Case, cohort: int, day: date, zone: ZoneInfo, open_courses: list[Course]
) -> Course:
    """A seat in a cohort, from the next day the track meets."""
    plan = clinic.track(case.track)
    at = moment(day, dice.pick((9.5, 10.5, 11.5, 13.5)), zone)
    by = timetable.with_role(plan.site, "intake")[0]
    case.go("admit", "case_admitted", at, by, "" if case.telehealth else IN_PERSON)
    days = dice.weighted(plan.days_choice)
    kind = dice.weighted(ENDS)
    starts = next_meeting(plan, day)
    stay = _stay(dice, kind, clinic.program(plan.program).target_days)
    course = Course(
        key=case.key, case=case, track=plan.key, cohort=cohort, weekdays=_weekdays(dice, plan, days),
        admitted_at=at, admitted_by=by, starts_on=starts,
        therapist=least_busy(timetable.therapists(plan.site), [c.therapist for c in open_courses]),
        prescriber=least_busy(timetable.with_role(plan.site, "prescriber"), [c.prescriber for c in open_courses]),
        case_manager=least_busy(timetable.with_role(plan.site, "case_manager"),
                                [c.case_manager for c in open_courses]),
        kind=kind, ends_on=starts + timedelta(days=stay), drops_on=None, reliability=dice.normal(0.3, 0.8),
        on_medication=dice.chance(0.65), never_starts=dice.chance(NEVER_START),
    )  # fmt: skip
    _turns(dice, course, stay)
    if course.never_starts or course.kind == "LOST":
        _call(course, zone)
    course.go("begin_episode", "admitted", at, by)
    return course


def _turns(dice: Dice, course: Course, stay: int) -> None:
    """What will happen on the way."""
    if course.never_starts:
        course.ends_on = course.starts_on + timedelta(days=dice.whole(12, 19))
    elif course.kind == "LOST":
        course.drops_on = course.ends_on
        course.ends_on = course.ends_on + timedelta(days=dice.whole(9, 16))
    if course.never_starts:
        return
    if stay > 30 and dice.chance(0.07):
        first = course.starts_on + timedelta(days=dice.whole(14, stay - 12))
        course.hold = Hold(first, first + timedelta(days=dice.whole(4, 9)), dice.pick(HOLDS))


def _call(course: Course, zone: ZoneInfo) -> None:
    """Two calls and a letter before somebody is given up."""
    for days, mode in ((4, "call"), (2, "call"), (1, "letter")):
        at = moment(course.ends_on - timedelta(days=days), 14.6, zone)
        course.attempts.append(Attempt(at, course.therapist, mode, "left_message"))


def _stay(dice: Dice, kind: str, target: int) -> int:
    """Days from the first to the last day."""
    if kind in ("COMP", "STEPDN"):
        return round(min(180, max(30, dice.normal(target, 14))))
    median, sigma, cap = (26, 0.9, 120) if kind in ("LOST", "ASA") else (38, 0.7, 150)
    return max(2, min(cap, round(dice.lognormal(median, sigma))))


def _weekdays(dice: Dice, plan: TrackPlan, days: int) -> tuple[int, ...]:
    if days >= len(plan.weekdays):
        return plan.weekdays
    chosen = list(plan.weekdays)
    while len(chosen) > days:
        chosen.remove(dice.pick(chosen))
    return tuple(chosen)


def next_meeting(plan: TrackPlan, day: date) -> date:
    following = day + timedelta(days=1)
    while following.isoweekday() not in plan.weekdays:
        following += timedelta(days=1)
    return following


def least_busy(staff: list[str], busy: list[str]) -> str:
    """Whoever has the fewest open courses; ties in the order of the plan."""
    load = Counter(busy)
    return min(staff, key=lambda key: (load[key], staff.index(key)))


def advance(course: Course, day: date, zone: ZoneInfo) -> None:
    """The steps that a day brings."""
    state = course.steps[-1].target
    if state == "admitted" and course.first_service is not None:
        course.go("start_treatment", "first_week", course.first_service, course.first_leader)
        course.moves = leaving.moves_of(course, zone)
    elif state == "first_week" and course.starts_on + timedelta(days=8) <= day:
        at = moment(day, 21.2, zone)
        course.go(
            "finish_first_week",
            "active",
            at,
            course.therapist,
            "" if papers.complete(course, at, zone) else NOT_ALL,
        )
    elif state == "active" and course.hold and course.hold.first <= day < course.hold.back:
        course.go("hold", "on_hold", moment(day, 8.6, zone), course.therapist, course.hold.reason)
    elif state == "on_hold" and course.hold and day >= course.hold.back:
        course.go("return_to_active", "active", moment(day, 8.6, zone), course.therapist)
    elif state == "active" and (move := _decided(course, day, zone)) is not None:
        course.go("step_down", "active", move.at, course.therapist, STEADY)
    elif state == "active" and day == leaving.planned_on(course):
        course.go("plan_discharge", "discharge_planned", moment(day, 15.9, zone), course.therapist)


def _decided(course: Course, day: date, zone: ZoneInfo) -> Move | None:
    return next((move for move in course.moves if move.at.astimezone(zone).date() == day), None)


def close(course: Course, day: date, zone: ZoneInfo) -> None:
    """The end, on the first working day after the last one in the program."""
    at = moment(working_day(day), 15.6, zone)
    course.closed_at = at
    if course.never_starts or course.first_service is None:
        course.go("close_never_started", "never_started", at, course.therapist, "Never came to a session")
    elif course.kind == "LOST":
        course.go("discharge_lost", "discharged", at, course.therapist, "No contact since the last session")
    elif course.kind == "STEPUP":
        course.go("step_up", "discharged", at, course.therapist, "Needs more than this program gives")
    elif course.kind == "ADMIN":
        director = timetable.with_role(clinic.track(course.track).site, "director")[0]
        course.go("discharge", "discharged", at, director, "Repeated breaches of the group agreement")
    else:
        course.go("discharge", "discharged", at, course.therapist)


def on_hold(course: Course, day: date) -> bool:
    """Whether the seat is kept free that day."""
    return course.hold is not None and course.hold.first <= day < course.hold.back


def expected(course: Course, day: date) -> bool:
    """Whether the person has a seat on this day."""
    return (
        course.starts_on <= day <= course.ends_on
        and day.isoweekday() in course.weekdays_on(day)
        and not on_hold(course, day)
    )
