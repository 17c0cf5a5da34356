"""Hard cases, there on purpose. Each is a person one can look up in the demo by family name (docs/demo.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import admission, funnel, names, timetable
from dayward.demo.clinic import TrackPlan
from dayward.demo.diary import Diary
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Course, Hold, OwnBlock
from dayward.demo.papers import LATE_PLAN
from dayward.demo.times import moment, working_day

NINE = "exact nine hours"
SHIFT = "shift work against the track"
LATE = "late arrival"
PULL_OUT = "pull-out"
WARD = "guardian signs"
RISK = "safety plan"
TELEHEALTH = "wants telehealth"
RISK_ANSWER = "answer handled"
OPEN_ANSWER = "answer open"
REGIMEN = "medication changes"
COURT = "court letter"
STEPS_UP = "steps up to a hospital"
COMES_BACK = "back from the hospital"
CARRIED = "make-up carried back"
GAVE_BACK = "gave a day back"
GAVE_BACK_TOO = "gave a day back, too"
EXCUSED = "week excused"
#: Who comes on time on each day on which nothing else is told of them.
STEADY = frozenset({NINE, LATE, CARRIED, GAVE_BACK, GAVE_BACK_TOO, EXCUSED})
#: Ends the key of somebody's second way in; without it, it is the key of the first.
AGAIN_KEY = "-again"


@dataclass(frozen=True)
class Special:
    """A person with a name and a story, a number of days before the demo was first built.

    Up to `until`: "seat" (admitted on that day), "waitlist" or "inquiry" (the last step happened on that day).
    """

    key: str  # the story
    track: str
    given: str
    family: str
    days_before: int
    days: int = 3
    sex: str = "female"
    age: int = 34
    language: str = "en"
    until: str = "seat"
    drops_before: int | None = None
    hold_before: int | None = None
    own_hours: tuple[OwnBlock, ...] = ()
    weekdays: tuple[int, ...] = ()  # where they are not the first of the track's

    def day(self, anchor: date) -> date:
        """The working day on which it happens."""
        day = anchor - timedelta(days=self.days_before)
        return day - timedelta(days=max(0, day.isoweekday() - 5))

    @property
    def case_key(self) -> str:
        """Of the case, the course and, unless somebody comes back, the person."""
        return f"special-{self.given}-{self.family}".lower() + (AGAIN_KEY if self.key == COMES_BACK else "")

    def case(
        self, dice: Dice, plan: TrackPlan, day: date, anchor: date, zone: ZoneInfo, diary: Diary
    ) -> Case:
        """The way in, as far as the story goes."""
        staff = timetable.with_role(plan.site, "intake")[0]
        ahead = timedelta(days=8 if self.key == COMES_BACK else 12)
        first = day if self.until == "inquiry" else working_day(day - ahead)
        case = funnel.begin(dice, self.case_key, plan, first, zone, staff)
        self._person(case, anchor)
        if self.key == COMES_BACK:
            case.source, case.entry_mode, case.facility = "return", "step_down", names.HOSPITALS[0]
            case.facility_discharge = first + timedelta(days=3)
        case.opened_at = moment(first, 9.3, zone)
        case.steps = [replace(case.steps[0], by=staff, at=case.opened_at)]
        if self.until != "inquiry":
            self._screen_and_assess(dice, case, zone, staff, diary)
        if self.until == "waitlist":
            at = moment(day, 9.1, zone)
            case.go("waitlist", "waitlisted", at, staff, "No seat free in the track")
        return case

    def _person(self, case: Case, anchor: date) -> None:
        born = date(anchor.year - self.age, 1, 14)
        case.person = replace(case.person, given=self.given, family=self.family, chosen="", sex=self.sex,
                              language=self.language, birth_date=born, pronouns="")  # fmt: skip
        case.special, case.source, case.by_other = self.key, "phone", False
        case.entry_mode, case.facility, case.facility_discharge = "stand_alone", "", None
        case.own_hours, case.telehealth = self.own_hours or case.own_hours, self.key == TELEHEALTH

    def _screen_and_assess(self, dice: Dice, case: Case, zone: ZoneInfo, staff: str, diary: Diary) -> None:
        spoken = case.opened_at + timedelta(minutes=20)
        case.go("finish_screening", "screened", spoken, staff)
        funnel.book(dice, case, "schedule_assessment", spoken + timedelta(minutes=4), 1, zone, staff, diary)
        funnel.assessed(case, 95)
        case.level = "iop"

    def course(
        self, dice: Dice, case: Case, plan: TrackPlan, day: date, zone: ZoneInfo, open_courses: list[Course]
    ) -> Course:
        """A course that follows the story."""
        cohort = admission.free_cohort(plan, open_courses, kept_free=0) or 0
        course = admission.admit(dice, case, cohort, day, zone, open_courses)
        course.never_starts, course.hold, course.drops_on = False, None, None
        course.kind, course.reliability = "COMP", 0.8
        course.ends_on = day + timedelta(days=63)
        course.weekdays = self.weekdays or plan.weekdays[: self.days]
        if self.key in STEADY - {LATE}:  # whose hours the story tells; a visit would take some of them
            course.on_medication = False
        if self.key == REGIMEN:
            course.on_medication, course.reliability = True, 2.5
        if self.key == STEPS_UP:
            course.kind, course.ends_on = "STEPUP", working_day(day + timedelta(days=16))
            course.on_medication, course.reliability = False, 3.5
        if self.key == COMES_BACK:
            course.on_medication, course.reliability = True, 2.5
        if self.key == PULL_OUT:
            course.on_medication, course.reliability = True, 3.5
        if self.key == LATE:
            course.reliability = 3.5
        if self.key == SHIFT:
            course.reliability = -1.3
        if self.drops_before is not None:
            course.drops_on = day + timedelta(days=self.days_before - self.drops_before)
        if self.hold_before is not None:
            away = working_day(day + timedelta(days=self.days_before - self.hold_before))
            course.hold = Hold(away, away + timedelta(days=9), "Hospital stay")
        return course


LATE_SHIFT = (OwnBlock("job", (1, 2, 3, 4, 5), "14:00", "22:30", "Late shift at a warehouse"),)
SPECIALS = (
    Special("no-show streak", "sud-evening", "Ezra", "Mossgate", 38, sex="male", age=41, drops_before=11),
    Special(NINE, "mh-day", "Clara", "Ninewell", 40, age=29),
    Special("holiday week", "mh-morning", "Freya", "Holidale", 30, days=5, age=38),
    Special(SHIFT, "sud-evening", "Dante", "Shiftmoor", 25, sex="male", age=37, own_hours=LATE_SHIFT),
    Special(WARD, "teen", "Maeve", "Fernholt", 20, days=4, age=15),
    Special("Spanish at home", "co-occurring", "Josefina", "Claravale", 17, age=52, language="es"),
    Special("possible duplicate", "mh-day", "Klara", "Ninewell", 2, age=29, until="inquiry"),
    Special(LATE, "mh-day", "Odessa", "Latecove", 33, age=44),
    Special(PULL_OUT, "mh-day", "Rohan", "Pullreach", 28, days=4, sex="male", age=31),
    Special("waits for a seat", "mh-day", "Alma", "Waitmere", 6, age=47, until="waitlist"),
    Special("on hold", "co-occurring", "Otis", "Awaymoor", 36, sex="male", age=58, hold_before=3),
    Special(RISK, "mh-day", "Selma", "Planwater", 22, days=4, age=26),
    Special(TELEHEALTH, "mh-morning", "Noel", "Screenvale", 19, days=4, sex="male", age=35),
    Special("first week", "mh-day", "Theo", "Newbeck", 5, sex="male", age=45),
    Special(LATE_PLAN, "co-occurring", "Bashir", "Lateplan", 20, sex="male", age=49),
    Special(RISK_ANSWER, "mh-morning", "Vera", "Askmoor", 33, days=4, age=41),
    Special(REGIMEN, "mh-morning", "Ingrid", "Dosebury", 50, days=4, age=46),
    Special(COURT, "sud-evening", "Malik", "Courtmere", 35, sex="male", age=33),
    Special(STEPS_UP, "sud-evening", "Wendell", "Backmere", 46, sex="male", age=43),
    Special(COMES_BACK, "sud-evening", "Wendell", "Backmere", 12, sex="male", age=43),
    Special(CARRIED, "mh-day", "Lucia", "Carrymere", 34, age=42, weekdays=(3, 4, 5)),
    Special(GAVE_BACK, "mh-day", "Nadia", "Seatwell", 27, age=37),
    Special(GAVE_BACK_TOO, "co-occurring", "Tariq", "Seatmoor", 29, sex="male", age=45),
    Special(EXCUSED, "sud-evening", "Edith", "Leavemoor", 31, age=53),
    Special(OPEN_ANSWER, "mh-day", "Silas", "Tellhaven", 24, days=4, sex="male", age=28),
)
#: A prescriber in her first weeks, at the first build: a few notes and a certification of hers are late.
NEW_HERE = "n-rx2"
#: Whose license ends so many days after the first build.
LICENSE_ENDS = ("n-t6", 20)
#: The day before the first build on which the late arrival came late.
CAME_LATE_MINUTES = 34


def comes_late(course: Course, day: date, anchor: date) -> bool:
    """The late arrival is late on their last day before the first build, and on time on all others."""
    if course.case.special != LATE:
        return False
    before = [anchor - timedelta(days=back) for back in range(1, 8)]
    return day == next(each for each in before if each.isoweekday() in course.weekdays)
