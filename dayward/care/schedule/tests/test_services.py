"""Series, sessions, seats: through the services, on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from dayward.care.catalog import services as catalog
from dayward.care.schedule import registries, services
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    kind,
    make_group,
    make_room,
    make_segment,
    make_series,
    make_session,
    next_monday,
)
from dayward.care.schedule.models import Booking, Enrollment, Series, Session, SessionStaff
from dayward.care.schedule.rules.edits import Scope
from dayward.care.schedule.services.refusals import BELOW_FLOOR, OVER_CAP, OWN_HOURS, PULL_OUT, NeedsReason
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.spans import Span
from dayward.kernel.time import at, local_day

pytestmark = pytest.mark.django_db


def planned(series: Series) -> list[Session]:
    return list(Session.objects.filter(series=series, status=Session.Status.PLANNED).order_by("during"))


def seats(person: Person) -> int:
    """Standing seats from enrollments; the assessment is on the week too."""
    return Booking.objects.standing().filter(person=person, enrollment__isnull=False).count()


def test_who_begins_in_the_afternoon_has_no_seat_of_the_morning() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    first, *rest = planned(series)
    assert first.series_day
    choice = services.Choice(series.group, frozenset({first.series_day.isoweekday()}))
    reasons = services.EnrollReasons(below_floor="First week")
    services.enroll(
        actor=SETUP,
        segment=segment,
        choices=[choice],
        starts_on=first.series_day,
        reasons=reasons,
        now=first.span.end + timedelta(hours=2),
    )
    weekly = [each for each in rest if each.series_day and each.series_day.isoweekday() in choice.weekdays]
    assert seats(segment.episode.person) == len(weekly)


# -- series ----------------------------------------------------------------------------------------------------


def test_a_series_makes_sessions_up_to_the_horizon_and_a_job_goes_on() -> None:
    series = make_series()
    before = planned(series)
    assert len(before) == 24 + 1  # eight weeks and the last Monday
    assert series.made_until
    more = services.extend_series(actor=SETUP, series=series, until=series.made_until + timedelta(days=7))
    assert more == 3
    assert services.extend_series(actor=SETUP, series=series, until=series.made_until) == 0


def test_a_closed_day_has_no_session_and_comes_back_when_withdrawn() -> None:
    group = make_group()
    monday = next_monday(group.site)
    (closure,) = catalog.close_days(
        actor=SETUP, site=group.site, days=[(monday, "Labor Day")], reason="holiday"
    )
    series = make_series(group)
    assert monday not in {session.series_day for session in planned(series)}
    catalog.withdraw_closure(actor=SETUP, closure=closure)
    assert monday in {session.series_day for session in planned(series)}


def test_nothing_is_planned_for_a_closed_day_or_moved_to_one() -> None:
    session = make_session()
    day = local_day(session.span.start, session.site.zone) + timedelta(days=7)
    catalog.close_days(actor=SETUP, site=session.site, days=[(day, "Labor Day")], reason="holiday")
    with pytest.raises(Refused, match="is closed on"):
        make_session(day=day)
    later = Span(session.span.start + timedelta(days=7), session.span.end + timedelta(days=7))
    with pytest.raises(Refused, match="is closed on"):
        services.edit_session(
            actor=SETUP, session=session, version=1, place=services.Place(later, session.room)
        )
    assert Session.objects.get().span == session.span


def test_closing_a_day_cancels_its_sessions_and_withdrawing_brings_them_and_the_seats_back() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    monday = planned(series)[0]
    assert monday.series_day
    (closure,) = catalog.close_days(
        actor=SETUP, site=monday.site, days=[(monday.series_day, "Snow")], reason="weather"
    )
    monday.refresh_from_db()
    assert (monday.status, monday.cancel_reason) == (Session.Status.CANCELLED, "Snow")
    assert not Booking.objects.standing().filter(session=monday).exists()
    catalog.withdraw_closure(actor=SETUP, closure=closure)
    assert Booking.objects.standing().filter(session=monday).count() == 1
    assert SessionStaff.objects.get(session=monday).status == SessionStaff.Status.LEADS


def test_a_second_series_in_the_same_room_is_refused_with_what_is_there() -> None:
    first = make_series()
    with pytest.raises(Refused) as refused:
        make_series(make_group(name="Another"), room=first.room, starts=time(11), ends=time(13))
    assert "is taken by “Coping skills”" in refused.value.sentence


def test_nobody_leads_two_sessions_at_once() -> None:
    first = make_series()
    leader = first.facilitators.get()
    with pytest.raises(Refused) as refused:
        make_series(make_group(name="Another"), facilitators=(leader,))
    assert f"{leader.name} leads “Coping skills”" in refused.value.sentence


# -- edits -----------------------------------------------------------------------------------------------------


def test_following_moves_sessions_from_a_day_on_with_their_seats_and_leaders() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    sessions = planned(series)
    pivot = sessions[3].series_day
    assert pivot
    shape = replace(services.shape_of(series), starts=time(10), ends=time(13))
    new = services.edit_series(
        actor=SETUP, series=series, version=series.version, scope=Scope.FOLLOWING, pivot=pivot, shape=shape
    )
    assert new.pk != series.pk
    assert [s.during.lower.astimezone(s.site.zone).hour for s in sessions[:3]] == [9, 9, 9]
    for session in sessions[3:6]:
        session.refresh_from_db()
        assert session.during.lower.astimezone(session.site.zone).hour == 10
        assert session.sequence == 1
        assert {row.during for row in session.leaders.all()} == {session.during}
        assert {row.during for row in session.bookings.all()} == {session.during}


def test_all_moves_wednesday_to_thursday_and_the_standing_seats_with_it() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group, (1, 3), below_floor="starts slowly")
    shape = replace(services.shape_of(series), weekdays=frozenset({1, 4, 5}))
    services.edit_series(
        actor=SETUP, series=series, version=1, scope=Scope.ALL, pivot=series.first_day, shape=shape
    )
    assert Enrollment.objects.get().weekdays == [1, 4]
    days = {s.series_day.isoweekday() for s in planned(series) if s.series_day}
    assert days == {1, 4, 5}
    booked = Booking.objects.standing().filter(person=segment.episode.person).select_related("session")
    assert {b.session.series_day.isoweekday() for b in booked if b.session.series_day} == {1, 4}


def test_attended_and_hand_made_sessions_stay_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    series = make_series()
    attended, by_hand, free, *_rest = planned(series)
    monkeypatch.setitem(registries.attended._items, "test", lambda ids: {attended.pk} & set(ids))
    moved = Span(by_hand.span.start + timedelta(hours=4), by_hand.span.end + timedelta(hours=4))
    services.edit_session(actor=SETUP, session=by_hand, version=1, place=services.Place(moved, by_hand.room))
    shape = replace(services.shape_of(series), starts=time(10))
    foreseen = services.consequence(series, scope=Scope.ALL, pivot=series.first_day, shape=shape)
    assert dict(foreseen.plan.kept) == {attended.pk: "attended", by_hand.pk: "by_hand"}
    services.edit_series(
        actor=SETUP, series=series, version=1, scope=Scope.ALL, pivot=series.first_day, shape=shape
    )
    for session, hour in ((attended, 9), (by_hand, 13), (free, 10)):
        session.refresh_from_db()
        assert session.during.lower.astimezone(session.site.zone).hour == hour
    with pytest.raises(Refused, match="Somebody was there already"):
        services.cancel_session(actor=SETUP, session=attended, reason="sick")


def test_the_second_writer_of_a_series_is_told() -> None:
    series = make_series()
    shape = services.shape_of(series)
    services.edit_series(
        actor=SETUP, series=series, version=1, scope=Scope.ALL, pivot=series.first_day, shape=shape
    )
    with pytest.raises(Conflict):
        services.edit_series(
            actor=SETUP, series=series, version=1, scope=Scope.ALL, pivot=series.first_day, shape=shape
        )


def test_sessions_may_pass_each_other_in_one_edit() -> None:
    """Moving a daily group by one hour runs into its own next... no: into its own other sessions, only in between."""
    group = make_group()
    early = make_series(group, weekdays=(1, 2), starts=time(9), ends=time(12))
    shape = replace(services.shape_of(early), weekdays=frozenset({2, 3}))
    services.edit_series(
        actor=SETUP, series=early, version=1, scope=Scope.ALL, pivot=early.first_day, shape=shape
    )
    assert {s.series_day.isoweekday() for s in planned(early) if s.series_day} == {2, 3}


def test_an_edit_that_collides_changes_nothing() -> None:
    first = make_series(starts=time(9), ends=time(10))
    second = make_series(make_group(name="Later"), room=first.room, starts=time(10), ends=time(11))
    shape = replace(services.shape_of(second), starts=time(9, 30))
    with pytest.raises(Refused, match="is taken by “Coping skills”"):
        services.edit_series(
            actor=SETUP, series=second, version=1, scope=Scope.ALL, pivot=second.first_day, shape=shape
        )
    second.refresh_from_db()
    assert second.starts == time(10)


# -- cover, cancel ---------------------------------------------------------------------------------------------


def test_cover_changes_who_leads_and_can_be_turned_back() -> None:
    session = planned(make_series())[0]
    away, by = session.leaders.get().staff, make_staff_with("facilitator")
    services.cover(actor=SETUP, session=session, away=away, by=by)
    assert {r.staff_id: r.status for r in session.leaders.all()} == {away.pk: "covered", by.pk: "leads"}
    services.cover(actor=SETUP, session=session, away=by, by=away)
    assert {r.staff_id: r.status for r in session.leaders.all()} == {away.pk: "leads", by.pk: "covered"}


def test_a_busy_colleague_cannot_cover() -> None:
    one, other = planned(make_series())[0], planned(make_series(make_group(name="Another")))[0]
    with pytest.raises(Refused, match="leads “Another”"):
        services.cover(actor=SETUP, session=one, away=one.leaders.get().staff, by=other.leaders.get().staff)


def test_a_cancelled_session_frees_room_clinician_and_people() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    session = planned(series)[0]
    services.cancel_session(actor=SETUP, session=session, reason="flood")
    other = make_session(
        day=session.series_day,
        clock=(time(9), time(10)),
        room=session.room,
        leader=session.leaders.get().staff,
    )
    services.book(actor=SETUP, person=segment.episode.person, session=other)
    with pytest.raises(Refused, match="is taken by"):
        services.reinstate_session(actor=SETUP, session=session)


# -- seats -----------------------------------------------------------------------------------------------------


def test_over_the_cap_takes_a_named_reason() -> None:
    session = make_session(cap=1, service="group-therapy")
    services.book(actor=SETUP, person=make_person(), session=session)
    with pytest.raises(NeedsReason, match="is full: all 1 seats are taken") as refused:
        services.book(actor=SETUP, person=make_person(), session=session)
    assert refused.value.needs == OVER_CAP
    booking = services.book(
        actor=SETUP, person=make_person(), session=session, reasons=services.Reasons(over_cap="crisis")
    )
    assert booking.over_cap_reason == "crisis"


def test_a_small_room_limits_more_than_the_cap() -> None:
    session = make_session(cap=5, room=make_room(seats=1), service="group-therapy")
    services.book(actor=SETUP, person=make_person(), session=session)
    with pytest.raises(NeedsReason, match="the room has 1 seats"):
        services.book(actor=SETUP, person=make_person(), session=session)


def test_the_database_holds_the_cap_by_itself() -> None:
    session = make_session(cap=1)
    row = {"session": session, "during": session.during, "booked_by": "test"}
    Booking.objects.create(person=make_person(), **row)
    with pytest.raises(IntegrityError, match="no seat is left"), transaction.atomic():
        Booking.objects.create(person=make_person(), **row)
    with pytest.raises(IntegrityError, match="no seat is left"), transaction.atomic():
        Booking.objects.bulk_create(
            [Booking(person=make_person(), over_cap_reason=r, **row) for r in ("", "yes")]
        )
    Booking.objects.create(person=make_person(), over_cap_reason="crisis", **row)


def test_a_booking_of_another_time_than_its_session_is_refused() -> None:
    session, other = make_session(), make_session(clock=(time(14), time(15)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(session=session, person=make_person(), during=other.during, booked_by="test")


def test_nobody_is_in_two_sessions_at_once() -> None:
    person = make_person()
    services.book(actor=SETUP, person=person, session=make_session(clock=(time(9), time(10))))
    with pytest.raises(Refused, match="already has “Individual therapy”"):
        services.book(actor=SETUP, person=person, session=make_session(clock=(time(9, 30), time(10, 30))))


def test_a_visit_inside_a_group_is_a_pull_out_when_somebody_says_so() -> None:
    person = make_person()
    outer = services.book(actor=SETUP, person=person, session=make_session(clock=(time(9), time(12)), cap=9))
    visit = make_session(clock=(time(10), time(10, 25)), service="medication-visit")
    with pytest.raises(NeedsReason) as refused:
        services.book(actor=SETUP, person=person, session=visit)
    assert refused.value.needs == PULL_OUT
    inner = services.book(actor=SETUP, person=person, session=visit, reasons=services.Reasons(pull_out=True))
    assert inner.pulled_out_of == outer
    second = make_session(clock=(time(10, 20), time(10, 40)), service="medication-visit")
    with pytest.raises(Refused):
        services.book(actor=SETUP, person=person, session=second, reasons=services.Reasons(pull_out=True))


def test_a_group_around_a_visit_pulls_the_visit_out() -> None:
    person = make_person()
    inner = services.book(actor=SETUP, person=person, session=make_session(clock=(time(10), time(10, 25))))
    group = make_session(clock=(time(9), time(12)), cap=9)
    outer = services.book(actor=SETUP, person=person, session=group, reasons=services.Reasons(pull_out=True))
    inner.refresh_from_db()
    assert inner.pulled_out_of == outer
    services.cancel_booking(actor=SETUP, booking=outer)
    assert Booking.objects.get(pk=inner.pk).pulled_out_of is None
    services.restore_booking(actor=SETUP, booking=outer)
    assert Booking.objects.get(pk=inner.pk).pulled_out_of == outer


def test_the_database_refuses_a_pull_out_of_somebody_else_or_outside() -> None:
    one, other = make_person(), make_person()
    outer = services.book(actor=SETUP, person=one, session=make_session(clock=(time(9), time(12)), cap=9))
    inside, outside = make_session(clock=(time(10), time(11))), make_session(clock=(time(11), time(13)))
    for person, session in ((other, inside), (one, outside)):
        with pytest.raises(IntegrityError, match="lies inside another booking"), transaction.atomic():
            Booking.objects.create(
                session=session, person=person, during=session.during, booked_by="t", pulled_out_of=outer
            )
    inner = Booking.objects.create(
        session=inside, person=one, during=inside.during, booked_by="t", pulled_out_of=outer
    )
    with pytest.raises(IntegrityError, match="keeps them inside"), transaction.atomic():
        Session.objects.filter(pk=outer.session_id).update(
            during=(outer.session.span.start, inner.session.span.start)
        )


def test_own_hours_take_a_reason_also_for_a_night_shift() -> None:
    person = make_person()
    services.tell_own_hours(
        actor=SETUP,
        person=person,
        from_day=next_monday(make_session().site) - timedelta(days=7),
        blocks=[services.Block(frozenset({7}), time(22), time(9, 30), "job")],  # Sunday night into Monday
    )
    with pytest.raises(NeedsReason, match=r"\(work\)") as refused:
        services.book(actor=SETUP, person=person, session=make_session())
    assert refused.value.needs == OWN_HOURS
    booking = services.book(
        actor=SETUP, person=person, session=make_session(), reasons=services.Reasons(own_hours="day off")
    )
    assert booking.own_hours_reason == "day off"


# -- enrollment ------------------------------------------------------------------------------------------------


def test_enrolling_books_every_chosen_day_up_to_the_horizon_and_new_sessions_too() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    person = segment.episode.person
    assert seats(person) == len(planned(series))
    assert series.made_until
    services.extend_series(actor=SETUP, series=series, until=series.made_until + timedelta(days=7))
    assert seats(person) == len(planned(series))


def test_a_week_under_the_floor_takes_a_reason() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    with pytest.raises(NeedsReason, match="6 h, and the program's floor is 9 h") as refused:
        enrolled(segment, series.group, (1, 3))
    assert refused.value.needs == BELOW_FLOOR
    enrolled(segment, series.group, (1, 3), below_floor="taper week by plan")


def test_enrolling_over_another_session_is_refused_with_its_name() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    other = make_session(clock=(time(8), time(10)))
    services.book(actor=SETUP, person=segment.episode.person, session=other)
    with pytest.raises(Refused, match="already has “Individual therapy”"):
        enrolled(segment, series.group)
    assert not Enrollment.objects.exists()


def test_ending_an_enrollment_frees_the_seats_from_that_day() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    week_two = series.first_day + timedelta(days=7)
    services.end_enrollment(actor=SETUP, enrollment=Enrollment.objects.get(), on=week_two, reason="step down")
    assert seats(segment.episode.person) == 3
    assert {b.cancel_kind for b in Booking.objects.exclude(status="booked")} == {"enrollment"}


def test_a_hold_frees_seats_and_its_end_takes_them_again() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    total = seats(segment.episode.person)
    services.pause(actor=SETUP, episode=segment.episode, since=series.first_day)
    assert seats(segment.episode.person) == 0
    services.resume(actor=SETUP, episode=segment.episode, since=series.first_day + timedelta(days=7))
    assert seats(segment.episode.person) == total - 3


def test_somebody_who_said_they_cannot_come_is_not_booked_again() -> None:
    segment = make_segment()
    series = make_series(make_group(track=segment.track))
    enrolled(segment, series.group)
    first = Booking.objects.standing().filter(enrollment__isnull=False).order_by("during")[0]
    services.cancel_booking(actor=SETUP, booking=first, reason="dentist")
    services.resume(actor=SETUP, episode=segment.episode, since=series.first_day)
    assert not Booking.objects.standing().filter(session=first.session).exists()


def test_an_outside_meeting_cannot_be_booked() -> None:
    with pytest.raises(Refused, match="not something one can be booked into"):
        make_group(service="mutual-help-meeting")
    assert kind("mutual-help-meeting").counts is False


def test_a_move_out_of_a_group_lets_the_visit_stand_alone() -> None:
    person = make_person()
    services.book(actor=SETUP, person=person, session=make_session(clock=(time(9), time(12)), cap=9))
    visit = make_session(clock=(time(10), time(10, 25)), service="medication-visit")
    inner = services.book(actor=SETUP, person=person, session=visit, reasons=services.Reasons(pull_out=True))
    zone, day = visit.site.zone, next_monday(visit.site)
    later = Span(at(day, time(13), zone), at(day, time(13, 25), zone))
    services.edit_session(actor=SETUP, session=visit, version=1, place=services.Place(later, visit.room))
    inner.refresh_from_db()
    assert inner.pulled_out_of is None
    assert inner.during.lower == later.start
