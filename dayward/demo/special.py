"""Hard cases, there on purpose. Each is a person one can look up in the demo by family name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dayward.demo import admission, funnel, timetable
from dayward.demo.clinic import TrackPlan
from dayward.demo.dice import Dice
from dayward.demo.facts import Case, Course, OwnBlock


@dataclass(frozen=True)
class Special:
    """A person with a name and a story, admitted a number of days before the demo was first built."""

    key: str  # the story
    track: str
    given: str
    family: str
    days_before: int
    days: int
    sex: str = "female"
    age: int = 34
    language: str = "en"
    drops_before: int | None = None
    own_hours: tuple[OwnBlock, ...] = ()

    def admitted_on(self, anchor: date) -> date:
        day = anchor - timedelta(days=self.days_before)
        return day - timedelta(days=max(0, day.isoweekday() - 5))

    def make(
        self, dice: Dice, plan: TrackPlan, day: date, zone: ZoneInfo, open_courses: list[Course]
    ) -> tuple[Case, Course]:
        """The whole way in, and a course that follows the story."""
        case = self._case(dice, plan, day, zone)
        cohort = admission.free_cohort(plan, open_courses, kept_free=0) or 0
        course = admission.admit(dice, case, cohort, day, zone, open_courses)
        course.never_starts, course.hold, course.step_down_on = False, None, None
        course.kind, course.reliability = "COMP", 0.8
        course.ends_on = day + timedelta(days=63)
        course.weekdays = plan.weekdays[: self.days]
        course.drops_on = None
        if self.key == "exact nine hours":
            course.on_medication, course.individual = False, None
        if self.drops_before is not None:
            course.drops_on = day + timedelta(days=self.days_before - self.drops_before)
        if self.key == "shift work against the track":
            course.reliability = -1.3
        return case, course

    def _case(self, dice: Dice, plan: TrackPlan, day: date, zone: ZoneInfo) -> Case:
        staff = timetable.with_role(plan.site, "intake")[0]
        first = funnel.working_day(day - timedelta(days=6))
        case = funnel.begin(dice, f"special-{self.family.lower()}", plan, first, zone, staff)
        born = date(day.year - self.age, 3, 14)
        case.person = replace(case.person, given=self.given, family=self.family, chosen="", sex=self.sex,
                              language=self.language, birth_date=born, pronouns="")  # fmt: skip
        case.special, case.source, case.assessor = self.key, "phone", timetable.therapists(plan.site)[0]
        case.own_hours = self.own_hours or case.own_hours
        spoken = case.opened_at + timedelta(minutes=20)
        slot = funnel.moment(funnel.working_day(first + timedelta(days=1)), 10.5, zone)
        case.steps = [replace(case.steps[0], by=staff)]
        case.go("finish_screening", "screened", spoken, staff)
        case.go("schedule_assessment", "assessment_scheduled", spoken + timedelta(minutes=4), staff)
        case.assessments.append(slot)
        case.go("record_assessment", "assessed", slot + timedelta(minutes=95), case.assessor)
        case.go("decide_level", "level_decided", slot + timedelta(minutes=110), case.assessor)
        return case


SPECIALS = (
    Special("no-show streak", "sud-evening", "Ezra", "Mossgate", 38, 3, "male", 41, drops_before=11),
    Special("exact nine hours", "mh-day", "Clara", "Ninewell", 40, 3, age=29),
    Special("shift work against the track", "sud-evening", "Dante", "Shiftmoor", 25, 3, "male", 37,
            own_hours=(OwnBlock("job", (1, 2, 3, 4, 5), "14:00", "22:30", "Late shift at a warehouse"),)),
    Special("guardian signs", "teen", "Maeve", "Fernholt", 20, 4, age=15),
    Special("Spanish at home", "co-occurring", "Josefina", "Claravale", 17, 3, age=52, language="es"),
    Special("first week", "mh-day", "Theo", "Newbeck", 5, 3, "male", 45),
)  # fmt: skip
