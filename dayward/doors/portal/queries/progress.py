"""The person's own progress: hours, attendance, scores, goals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dayward.care.attendance.queries import Attended, CountedWeek, read_attended, read_week
from dayward.chart.measures.queries import read_course
from dayward.doors.portal.queries.questions import OwnCourse, own_courses
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import alone, both, side_by_side

WEEKS = 8


@dataclass(frozen=True)
class Progress:
    """What stands on the page; the newest week first."""

    weeks: list[CountedWeek]
    attended: Attended
    courses: list[OwnCourse]

    @property
    def missed(self) -> int:
        return self.attended.booked - self.attended.kept


def progress_of(person: Person, today: date) -> Progress:
    """The last weeks that had something prescribed; as many statements as the longest reading has steps."""
    days = [today - timedelta(weeks=back) for back in range(WEEKS)]
    weeks, (attended, course) = alone(
        both(
            side_by_side(read_week(person, day) for day in days),
            both(read_attended(person, days[-1], today), read_course(person)),
        )
    )
    return Progress([week for week in weeks if week.prescribed], attended, own_courses(course))
