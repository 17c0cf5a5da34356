"""When the papers of a stay are written: first week, plan, reviews, calls. Each is a function of the course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.chart.plans import library
from dayward.demo import clinic, timetable
from dayward.demo.dice import Dice
from dayward.demo.facts import Course
from dayward.demo.times import moment, working_day

TEAM_LATE, PERSON_LATE = 0.05, 0.1
WEEK_ONE = ("orientation", "handbook", "schedule_given", "buddy", "goals", "challenges")
REVIEW_EVERY = (10, 14)
REVIEW_LATE = 0.08
LATE_PLAN = "plan overdue"  # of `special`: the prescriber does not sign
NEVER = 90  # days: nobody waits that long in a demo


def left_on(course: Course) -> date:
    """The last day on which the person comes."""
    return min(course.ends_on, course.drops_on - timedelta(days=1)) if course.drops_on else course.ends_on


def began_on(course: Course, zone: ZoneInfo) -> date | None:
    return course.first_service.astimezone(zone).date() if course.first_service else None


@dataclass(frozen=True)
class Signed:
    """Who signs a plan as what; `staff` is "" for the person."""

    role: str
    staff: str
    at: datetime


@dataclass(frozen=True)
class PlanDays:
    """When a plan is begun, and who signs it when; `complete` when all of them have."""

    begun: datetime
    team: tuple[Signed, ...]
    person_at: datetime | None
    complete: datetime | None

    @property
    def written(self) -> datetime:
        return self.team[0].at


def plan_of(course: Course, zone: ZoneInfo) -> PlanDays | None:
    """The plan of a stay, or None where the person was gone before it was begun."""
    first = began_on(course, zone)
    if first is None:
        return None
    dice, last = course.dice.of("plan"), left_on(course)
    day = working_day(first + timedelta(days=dice.whole(2, 6)))
    if day > last:
        return None
    written = moment(day, dice.between(9.5, 16.5), zone)
    team = [Signed("therapist", signs_as("therapist", course), written)]
    slow = dice.chance(TEAM_LATE)
    for role, most in (("social_worker", 2), ("prescriber", 4)):
        days = dice.whole(0, most) + (9 if slow and role == "prescriber" else 0)
        if course.case.special == LATE_PLAN and role == "prescriber":
            days = NEVER
        at = moment(working_day(day + timedelta(days=days)), dice.between(9.5, 17.5), zone)
        team.append(Signed(role, signs_as(role, course), max(at, written + timedelta(minutes=20))))
    late = dice.chance(PERSON_LATE)
    told = day + timedelta(days=dice.whole(10, 18) if late else dice.whole(0, 5))
    person_at = max(moment(told, dice.between(9.2, 18), zone), written + timedelta(minutes=35))
    ends = [one.at for one in team] + [person_at]
    gone = moment(last, 21.5, zone)
    return PlanDays(
        begun=written - timedelta(days=dice.whole(1, 2), minutes=40),
        team=tuple(one for one in team if one.at <= gone),
        person_at=person_at if person_at <= gone else None,
        complete=max(ends) if max(ends) <= gone else None,
    )


def signs_as(seat: str, course: Course) -> str:
    """Whose credential fits a seat of the team: those who treat the person come first."""
    kinds = library.seats()[seat].kinds
    site = clinic.track(course.track).site
    if seat == "prescriber":
        return course.prescriber
    if seat == "therapist":
        return able(course.therapist, kinds)
    taken = able(course.therapist, library.seats()["therapist"].kinds)
    fitting = [plan.key for plan in clinic.STAFF if site in plan.sites and plan.credential in kinds]
    leads = set(timetable.therapists(site))
    return min((key for key in fitting if key != taken), key=lambda key: (key in leads, key))


def able(staff: str, kinds: frozenset[str]) -> str:
    """The member of staff, or their supervisor where the credential is not enough."""
    plan = clinic.staff(staff)
    return staff if plan.credential in kinds else plan.supervisor


@dataclass(frozen=True)
class Review:
    """A review of the plan, the first of which is number 1."""

    number: int
    at: datetime
    step_down: bool = False


def reviews_of(course: Course, zone: ZoneInfo) -> Iterator[Review]:
    """About every two weeks while the person comes, some late, none in a hold; one goes before each step down."""
    plan = plan_of(course, zone)
    if plan is None or plan.complete is None:
        return
    dice, before, number = course.dice.of("reviews"), plan.complete.astimezone(zone).date(), 0
    while True:
        late = dice.chance(REVIEW_LATE)
        day = before + timedelta(days=dice.whole(16, 21) if late else dice.whole(*REVIEW_EVERY))
        if course.hold and course.hold.first <= day < course.hold.back:
            day = course.hold.back + timedelta(days=2)
        day, at = day - timedelta(days=max(0, day.isoweekday() - 5)), dice.between(9.3, 15.4)
        move = next((one for one in course.moves if before < one.at.astimezone(zone).date() <= day), None)
        if move is None and day > left_on(course):
            return
        number += 1
        if move is not None:
            before = move.at.astimezone(zone).date()
            yield Review(number, move.at - timedelta(minutes=35), True)
        else:
            before = day
            yield Review(number, moment(day, at, zone))


def week_one(course: Course, zone: ZoneInfo) -> Iterator[tuple[str, datetime, Dice]]:
    """What of the first-week list is done when; one in twelve things comes late or never."""
    first = began_on(course, zone)
    for kind in WEEK_ONE if first else ():
        dice = course.dice.of("week-one", kind)
        days = {
            "orientation": 0,
            "handbook": dice.whole(0, 1),
            "schedule_given": 0,
            "buddy": dice.whole(0, 3),
        }
        after = days.get(kind, dice.whole(1, 5)) + (dice.whole(3, 6) if dice.chance(0.03) else 0)
        assert first is not None and course.first_service is not None
        day = first + timedelta(days=after)
        day += timedelta(days=after and max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
        at = max(
            moment(day, dice.between(9, 17), zone),
            course.first_service + timedelta(minutes=dice.whole(20, 70)),
        )
        if at.astimezone(zone).date() <= left_on(course):
            yield kind, at, dice


def complete(course: Course, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the list of the first week and the plan are complete at an instant."""
    return week_one_done(course, at, zone) and plan_holds(course, at, zone)


def week_one_done(course: Course, at: datetime, zone: ZoneInfo) -> bool:
    return {kind for kind, done, _dice in week_one(course, zone) if done <= at} == set(WEEK_ONE)


def plan_holds(course: Course, at: datetime, zone: ZoneInfo) -> bool:
    plan = plan_of(course, zone)
    return plan is not None and plan.complete is not None and plan.complete <= at


def early_calls(course: Course, zone: ZoneInfo) -> Iterator[tuple[str, datetime, str]]:
    """The calls on day 3 and 7: (slot, when, outcome); some come a day late, a few after a week."""
    first = began_on(course, zone)
    for slot, days in (("day3", 3), ("day7", 7)) if first else ():
        dice = course.dice.of("call", slot, "when")
        assert first is not None
        late = 6 if dice.chance(0.05) else 1 if dice.chance(0.06) else 0
        day = first + timedelta(days=days + late)
        day -= timedelta(days=max(0, day.isoweekday() - 5))
        at = moment(day, dice.between(10, 16), zone)
        if not dice.chance(0.7):
            yield slot, at, "no_answer"
            at += timedelta(hours=2, minutes=dice.whole(0, 50))
        yield slot, at, "reached"
