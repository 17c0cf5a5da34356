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
    """Weeks that are over are kept, this one is counted now; the figures must be those of the page of the week."""
    person = make_person()
    assert person.site is not None
    now = timezone.now()
    begun = now - timedelta(days=22)
    make_episode(person=person, at=begun, starts_on=local_day(begun, person.site.zone))
    whole, half = (
        make_past_session(begun=timedelta(hours=4)),
        make_past_session(begun=timedelta(hours=1, minutes=55)),
    )
    for session, late in ((whole, timedelta(0)), (half, timedelta(minutes=40))):
        present(seat(session, person), session.span.start + late)
    before = make_past_session(begun=timedelta(days=8))
    present(seat(before, person), before.span.start)
    seat(make_past_session(begun=timedelta(hours=7), lasts=timedelta(hours=1)), person)  # nobody confirmed it
    weeks = course_of(person, now).weeks
    assert sum(week.delivered > 0 for week in weeks) > 1
    for week in weeks:
        counted = week_of(person, week.starts, now=now)
        assert week.delivered == int(counted.verdict.delivered)
        assert week.scheduled == int(counted.scheduled)
        assert week.floor == counted.verdict.floor
