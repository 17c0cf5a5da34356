"""What the week does when the journey moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dayward.care.catalog.services import close_days, withdraw_closure
from dayward.care.journey import events
from dayward.care.journey.factories import assessment_booked, make_actor, make_case, screened
from dayward.care.journey.models import Segment
from dayward.care.schedule import services
from dayward.care.schedule.calendars import ScheduleCalendar
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    make_group,
    make_segment,
    make_series,
    make_session,
)
from dayward.care.schedule.jobs import keep_horizon
from dayward.care.schedule.models import Booking, Enrollment, OwnHours, Session, SessionStaff
from dayward.care.schedule.queries.seats import standing_seats
from dayward.care.schedule.queries.week import next_appointments_of, week_for
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.people.factories import make_person
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


def test_own_hours_told_in_the_screening_replace_those_told_before() -> None:
    person, today = make_person(), timezone.now().date()
    job = events.HoursBlock("job", (1, 2), "22:00", "06:00", "nights")
    publish(events.OwnHoursTold(person.pk, (job,), today - timedelta(days=5), SETUP))
    school = events.HoursBlock("school", (3,), "08:00", "12:00")
    publish(events.OwnHoursTold(person.pk, (school,), today, SETUP))
    rows = {row.kind: row.until_day for row in OwnHours.objects.filter(person=person)}
    assert rows == {"job": today, "school": None}


def test_the_end_of_treatment_frees_every_seat() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    person = segment.episode.person
    services.book(actor=SETUP, person=person, session=make_session(day=series.first_day + timedelta(days=1)))
    publish(events.EpisodeEnded(segment.episode_id, series.first_day + timedelta(days=6), SETUP))
    assert Enrollment.objects.get().ends_on == series.first_day + timedelta(days=7)
    segment.episode.ended_at = timezone.now()
    assert not Booking.objects.standing().ahead().filter(person=person).exists()


def test_a_step_down_keeps_the_seats_of_the_days_that_stay() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    first, *lost = sorted(Enrollment.objects.get().weekdays)
    change = series.first_day + timedelta(days=7)
    seats = standing_seats(episode=segment.episode_id, on=change)
    assert [seat.weekday for seat in seats] == [first, *lost]
    assert all(seat.minutes > 0 for seat in seats)
    segment.ends_on = change
    segment.save(update_fields=["ends_on"])
    new = Segment.objects.create(
        episode=segment.episode,
        track=segment.track,
        days_per_week=1,
        prescribed_minutes=180,
        starts_on=change,
    )
    publish(events.SegmentChanged(segment.episode_id, new.pk, change, SETUP, frozenset({first})))
    old = Enrollment.objects.get(segment=segment)
    assert old.ends_on == change
    assert Enrollment.objects.get(segment=new).weekdays == [first]
    ahead = Booking.objects.standing().ahead().filter(person=segment.episode.person)
    after = [row for row in ahead if row.session.series_day and row.session.series_day >= change]
    assert after
    assert {row.session.series_day.isoweekday() for row in after if row.session.series_day} == {first}


def test_another_stretch_ends_the_seats_of_the_one_before() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    change = series.first_day + timedelta(days=7)
    publish(events.SegmentChanged(segment.episode_id, segment.pk + 1, change, SETUP))
    assert Enrollment.objects.get().ends_on == change


def test_a_booked_assessment_takes_the_clinicians_time_and_a_move_gives_it_back() -> None:
    actor = make_actor()
    case = assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    session = Session.objects.get(assessment__case=case)
    clinician = session.leaders.get().staff
    assert session.bookings.get().person == case.person
    taken = ScheduleCalendar().taken([clinician.pk], session.span.start, session.span.end)
    assert len(taken[clinician.pk]) == 1
    day = local_day(session.span.start, session.site.zone)
    assert [item.title for item in week_for(case.person, day).items] == ["Mental health evaluation"]
    with pytest.raises(Refused, match="leads “Mental health evaluation”"):
        services.add_session(
            actor=SETUP,
            site=session.site,
            service=session.service,
            place=services.Place(session.span, None, "telehealth"),
            leaders=(clinician,),
        )
    publish(events.AssessmentReleased(session.assessment_id or 0, SETUP))
    assert SessionStaff.objects.get(session=session).status == SessionStaff.Status.CANCELLED
    assert not session.bookings.standing().exists()


def test_no_assessment_is_booked_on_a_day_on_which_the_site_is_closed() -> None:
    actor, now = make_actor(), timezone.now()
    case = screened(make_case(actor=actor), actor=actor)
    day = local_day(now + timedelta(days=2), case.site.zone)
    (closure,) = close_days(actor=SETUP, site=case.site, days=[(day, "Snow")], reason="weather")
    with pytest.raises(Refused, match=rf"{case.site.name} is closed on .*\(Snow\)"):
        assessment_booked(case, actor=actor, hours=48, at=now)
    case.refresh_from_db()
    assert (case.state, Session.objects.count()) == ("screened", 0)
    withdraw_closure(actor=SETUP, closure=closure)
    assert assessment_booked(case, actor=actor, hours=48, at=now).state == "assessment_scheduled"


def test_staff_without_hours_are_offered_on_weekdays_and_others_when_they_work() -> None:
    session = make_session()
    site, staff = session.site, make_staff_with("therapist")
    since = session.span.start - timedelta(hours=9)
    until = since + timedelta(days=6, hours=20)
    assert len(ScheduleCalendar().working([staff.pk], site, since, until)[staff.pk]) == 5
    monday = local_day(session.span.start, site.zone)
    block = services.Block(frozenset({1, 6}), session.span.start.time(), session.span.end.time())
    services.set_staff_hours(actor=SETUP, staff=staff, site=site, blocks=[block], from_day=monday)
    assert len(ScheduleCalendar().working([staff.pk], site, since, until)[staff.pk]) == 2
    close_days(actor=SETUP, site=site, days=[(monday, "Ice storm")], reason="weather")
    assert len(ScheduleCalendar().working([staff.pk], site, since, until)[staff.pk]) == 1


def test_the_next_appointment_says_only_when() -> None:
    person, session = make_person(), make_session()
    assert next_appointments_of([person.pk]) == {}
    services.book(actor=SETUP, person=person, session=session)
    assert next_appointments_of([person.pk]) == {person.pk: session.during.lower}


def test_the_nightly_job_keeps_the_horizon_and_goes_on_past_a_series_that_collides() -> None:
    first = make_series(until=None)
    made_until = first.made_until
    assert made_until
    late = make_series(make_group(name="Later"), until=made_until - timedelta(days=28))
    blocked = make_series(make_group(name="Blocked"), until=made_until - timedelta(days=28))
    day = made_until - timedelta(days=21 + made_until.weekday())
    make_session(day=day, leader=blocked.facilitators.get())
    assert keep_horizon() > 0
    late.refresh_from_db()
    blocked.refresh_from_db()
    assert late.made_until is not None
    assert blocked.made_until is not None
    assert late.made_until > blocked.made_until
