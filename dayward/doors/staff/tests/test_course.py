from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dayward.care.attendance.factories import make_past_session, present, seat
from dayward.care.attendance.queries import week_of
from dayward.care.journey.factories import make_episode
from dayward.doors.staff.course import course_of
from dayward.foundation.people.factories import make_person
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


def test_each_week_is_what_attendance_counts() -> None:
    """The picture has its own reading of the rows; the figures must be the same as on the page of the week."""
    person = make_person()
    assert person.site is not None
    now = timezone.now()
    begun = now - timedelta(days=8)  # a session of last night may be one of last week
    make_episode(person=person, at=begun, starts_on=local_day(begun, person.site.zone))
    whole, half = (
        make_past_session(begun=timedelta(hours=4)),
        make_past_session(begun=timedelta(hours=1, minutes=55)),
    )
    for session, late in ((whole, timedelta(0)), (half, timedelta(minutes=40))):
        present(seat(session, person), session.span.start + late)
    seat(make_past_session(begun=timedelta(hours=7), lasts=timedelta(hours=1)), person)  # nobody confirmed it
    weeks = course_of(person, now).weeks
    assert weeks and sum(week.delivered for week in weeks) > 0
    for week in weeks:
        counted = week_of(person, week.starts, now=now)
        assert week.delivered == int(counted.verdict.delivered)
        assert week.scheduled == int(counted.scheduled)
        assert week.floor == counted.verdict.floor
