"""The person's own progress: hours, attendance, scores, goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from dayward.care.attendance.models import ServiceWeek
from dayward.care.attendance.queries import Attended, WeekSum, kept_weeks, read_attended, read_sum
from dayward.chart.measures.queries import read_course
from dayward.doors.portal.queries.questions import OwnCourse, own_courses
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, both
from dayward.kernel.prepared import Among, Prepared, Slot

WEEKS = 8


@dataclass(frozen=True)
class OwnWeek:
    """A week as a bar: minutes there of those wanted."""

    start: date
    delivered_minutes: int
    target: int


@dataclass(frozen=True)
class Progress:
    """What stands on the page; the newest week first."""

    weeks: list[OwnWeek]
    attended: Attended
    courses: list[OwnCourse]

    @property
    def missed(self) -> int:
        return self.attended.booked - self.attended.kept


def progress_of(person: Person, today: date) -> Progress:
    """The last weeks that had something prescribed; this one is counted now, those before are kept."""
    since = today - timedelta(weeks=WEEKS)
    after = since + timedelta(days=1)
    (now, before), (attended, course) = alone(
        both(
            both(read_sum(person, today), _KEPT.reading(people=person.all_ids, since=after, until=today)),
            both(read_attended(person, since, today), read_course(person)),
        )
    )
    return Progress(
        [*_own(now), *(_past(week) for week in before if week.start < now.start)],
        attended,
        own_courses(course),
    )


def _kept() -> QuerySet[ServiceWeek]:
    rows = kept_weeks(Among("person", Slot("people")), Slot("since"), Slot("until"))
    shown = ("start", "delivered_seconds", "floor_minutes", "prescribed_minutes")
    return rows.filter(prescribed_minutes__gt=0).order_by("-start").only(*shown)


_KEPT = Prepared(_kept)


def _own(week: WeekSum) -> list[OwnWeek]:
    target = int(week.verdict.floor) or week.prescribed
    return [OwnWeek(week.start, week.delivered_minutes, target)] if week.prescribed else []


def _past(week: ServiceWeek) -> OwnWeek:
    return OwnWeek(
        week.start, int(week.delivered_seconds) // 60, week.floor_minutes or week.prescribed_minutes
    )
