"""The clinic's days, one after the other.

Each day is a function of the seed and of the days before it. So a simulation that ends later begins with the
same history: that is what lets a demo catch up. Nobody in here looks at a real clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import admission, attendance, clinic, funnel, making_up, sessions, short_weeks, timetable
from dayward.demo.clinic import TrackPlan
from dayward.demo.diary import Diary
from dayward.demo.dice import Dice
from dayward.demo.facts import Attempt, Case, Course, History, Seat
from dayward.demo.special import CAME_LATE_MINUTES, NINE, SPECIALS, STEADY, Special, comes_late
from dayward.demo.times import moment

REFERRALS_AHEAD_DAYS = 3  # how long a referral document may wait at most
AHEAD_DAYS = 14  # how far sessions are booked in advance
MEAN_STAY = 54.0  # days in which a seat is taken, of those who start
WEEKLY_CONTACT = timedelta(days=5)  # a working day ahead of the week that may pass at most (T10)
PATIENCE_DAYS = (6, 24)  # how long people stay on the waitlist before they look elsewhere


@dataclass(frozen=True)
class Size:
    """How much of a clinic: weeks of history, weeks before them that fill the groups, share of the arrivals."""

    weeks: int
    run_up_weeks: int
    share: float


SIZES = {"small": Size(26, 12, 1.0), "tiny": Size(2, 5, 0.12)}


def first_day(as_of: date, weeks: int) -> date:
    """The Sunday from which history is kept."""
    sunday = as_of - timedelta(days=as_of.isoweekday() % 7)
    return sunday - timedelta(weeks=weeks)


@dataclass
class Simulation:
    """Runs day by day; `anchor` is the day of the first build, from which its start and hard cases count."""

    seed: int
    anchor: date
    size: Size = SIZES["small"]
    history: History = field(default_factory=History)

    def __post_init__(self) -> None:
        self.dice = Dice(self.seed)
        self.start = first_day(self.anchor, self.size.weeks)
        self.day = self.start - timedelta(weeks=self.size.run_up_weeks)
        self.waiting: list[Case] = []
        self.open: list[Course] = []
        self.taken: dict[tuple[str, int, str], str] = {}  # therapist's weekly times -> course
        self.zones = {site.key: ZoneInfo(site.zone) for site in clinic.SITES}
        self.closings = timetable.Closings(self.anchor)
        self.diary = Diary(self.closings)
        self.specials: dict[date, list[Special]] = defaultdict(list)
        for special in SPECIALS:
            self.specials[special.day(self.anchor)].append(special)

    def run(self, until: date) -> History:
        """Simulate each day up to `until`, and book what is ahead of it."""
        while self.day <= until:
            self._one_day(self.day)
            self.day += timedelta(days=1)
        for ahead in range(AHEAD_DAYS):
            self._book_day(until + timedelta(days=1 + ahead))
        return self.history

    @property
    def kept(self) -> bool:
        """Whether the day belongs to the history that is kept."""
        return self.day >= self.start

    def _one_day(self, day: date) -> None:
        for course in [c for c in self.open if c.ends_on < day]:
            self._close(course, day)
        for special in self.specials.get(day, []):
            self._tell(special, day)
        for plan in clinic.TRACKS:
            self._arrivals(plan, day)
        self._fill_seats(day)
        for course, seats in self._book_day(day).items():
            self._hold_day(course, seats, day)
        for course in self.open:
            zone = self.zones[clinic.track(course.track).site]
            admission.advance(course, day, zone)
            attendance.note_risk(course, moment(day, 21.4, zone))

    # -- the way in

    def _arrivals(self, plan: TrackPlan, day: date) -> None:
        for case, staff in self._begun(plan, day):
            funnel.walk(
                self.dice.of("case", case.key, "walk"), case, self.zones[plan.site], staff, self.diary
            )
            if case.ready_on:
                self.waiting.append(case)
            if self.kept:
                self.history.cases.append(case)

    def _begun(self, plan: TrackPlan, day: date) -> Iterator[tuple[Case, str]]:
        """The first contacts of a day, each with who took it."""
        rate = self.size.share * plan.census / MEAN_STAY * funnel.INQUIRIES_PER_START
        rate *= 1.28 if day.isoweekday() < 6 else 0.3
        count = self.dice.of("arrivals", plan.key, day).poisson(rate)
        for number in range(count):
            key = f"{plan.key}-{day:%y%m%d}-{number}"
            dice = self.dice.of("case", key)
            staff = dice.pick(timetable.with_role(plan.site, "intake"))
            yield funnel.begin(dice, key, plan, day, self.zones[plan.site], staff), staff

    def referrals_ahead(self, until: date) -> list[Case]:
        """Those whom a hospital has announced, though nobody has opened a case for them by the end of the day."""
        days = [until + timedelta(days=ahead) for ahead in range(1, REFERRALS_AHEAD_DAYS + 1)]
        begun = [case for day in days for plan in clinic.TRACKS for case, _staff in self._begun(plan, day)]
        return [case for case in begun if case.source == "referral_document"]

    def _fill_seats(self, day: date) -> None:
        """First come, first served; who finds no seat is put on the waitlist once."""
        for case in sorted(self.waiting, key=lambda case: (case.ready_on or day, case.key)):
            if case.ready_on is None or case.ready_on > day or day.isoweekday() > 5:
                continue
            if self._admit(case, day) is not None or self._wait(case, day):
                self.waiting.remove(case)

    def _wait(self, case: Case, day: date) -> bool:
        """On the waitlist from today, or still there; True when the person has looked elsewhere."""
        at = moment(day, 16.2, self.zones[clinic.track(case.track).site])
        if case.steps[-1].target == "level_decided":
            case.go("waitlist", "waitlisted", at, self._intake_of(case), "No seat free in the track")
        elif at - max([case.steps[-1].at, *(attempt.at for attempt in case.attempts)]) >= WEEKLY_CONTACT:
            case.attempts.append(Attempt(at - timedelta(hours=1), self._intake_of(case), "call", "reached"))
        patience = timedelta(days=self.dice.of("patience", case.key).whole(*PATIENCE_DAYS))
        if case.ready_on is None or day - case.ready_on < patience:
            return False
        case.go("withdraw", "withdrew", at, self._intake_of(case), "Found another place meanwhile")
        return True

    def _intake_of(self, case: Case) -> str:
        return timetable.with_role(clinic.track(case.track).site, "intake")[0]

    def _admit(self, case: Case, day: date) -> Course | None:
        plan = clinic.track(case.track)
        cohort = admission.free_cohort(plan, self.open)
        if cohort is None:
            return None
        course = admission.admit(
            self.dice.of("course", case.key), case, cohort, day, self.zones[plan.site], self.open
        )
        self._seat(course)
        return course

    def _tell(self, special: Special, day: date) -> None:
        plan = clinic.track(special.track)
        zone = self.zones[plan.site]
        dice = self.dice.of("special", special.key)
        case = special.case(dice, plan, day, self.anchor, zone, self.diary)
        self.history.cases.append(case)
        if special.until == "seat":
            course = special.course(dice, case, plan, day, zone, self.open)
            course.given_back = short_weeks.given_back(course, self.anchor, self.closings)
            self._seat(course)

    def _seat(self, course: Course) -> None:
        self.open.append(course)
        self.history.courses.append(course)
        if course.individual is None and course.case.special == NINE:  # once, in the first week
            start = course.starts_on
            course.individual = sessions.weekly_time(course, self.taken, since=start.isoweekday())
            course.individual_until = start + timedelta(days=7 - start.isoweekday())
        elif course.individual is None:
            course.individual = sessions.weekly_time(course, self.taken)
        if course.individual:
            self.taken[(course.therapist, *course.individual)] = course.key

    # -- the days of treatment

    def _book_day(self, day: date) -> dict[Course, list[Seat]]:
        """The day's sessions and everybody's seats in them; of days before the history nothing is kept."""
        if day < self.start:
            return {course: [] for course in self.open if day.isoweekday() in course.weekdays}
        return sessions.book_day(self.dice, self.history, self.open, day, self.closings, self.zones)

    def _hold_day(self, course: Course, seats: list[Seat], day: date) -> None:
        zone = self.zones[clinic.track(course.track).site]
        if not seats:
            if day < self.start and course.first_service is None and not course.never_starts:
                course.first_service = course.last_service = moment(day, 17.0, zone)
                course.first_leader = course.therapist
            return
        dice = self.dice.of("day", course.key, day)
        perfect, away = course.case.special in STEADY, short_weeks.stays_away(course, day, self.anchor)
        present = not away and (perfect or attendance.comes(dice, course, day))
        late = CAME_LATE_MINUTES if comes_late(course, day, self.anchor) else None
        attendance.record_day(
            dice, self.history, course, seats, present, 0 if perfect and late is None else late
        )
        if away:
            making_up.plan_next_week(course, seats, day, self.open, self.closings)
        elif not present and course.absent_in_a_row == 0:  # excused
            making_up.plan(dice.of("make-up"), course, seats, day, self.open, self.closings)

    def _close(self, course: Course, day: date) -> None:
        zone = self.zones[clinic.track(course.track).site]
        admission.close(course, day, zone)
        self.open.remove(course)
        if day < self.start and not course.case.special:  # a story is told from its beginning
            self.history.courses.remove(course)
        if course.individual:
            self.taken.pop((course.therapist, *course.individual), None)


def last_day(until: datetime) -> date:
    """The last day that has begun somewhere in the clinic at an instant."""
    return max(until.astimezone(ZoneInfo(site.zone)).date() for site in clinic.SITES)


def census(history: History, at: datetime) -> dict[str, int]:
    """How many people each track has in treatment at an instant."""
    counted: dict[str, int] = defaultdict(int)
    for course in history.courses:
        started = course.admitted_at <= at and not course.never_starts
        if started and (course.closed_at is None or course.closed_at > at):
            counted[course.track] += 1
    return dict(counted)
