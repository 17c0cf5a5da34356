"""The roll: rows, corrections, closing, what the journey hears."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dayward.care.attendance import services
from dayward.care.attendance.factories import leader_of, make_past_session, present, seat, weeks_ago
from dayward.care.attendance.models import Absence, Interval
from dayward.care.attendance.queries import attended_between, attended_sessions, roll_of, rolls_of, week_of
from dayward.care.journey.factories import make_episode
from dayward.care.journey.models import Episode
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import SETUP, make_session
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

pytestmark = pytest.mark.django_db


def states(session: Session) -> list[str]:
    return [row.state for row in roll_of(session).rows]


def test_everybody_is_expected_and_nothing_counts_until_confirmed() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    assert states(session) == ["untouched"]
    day = local_day(session.span.start, session.site.zone)
    assert week_of(booking.person, day).verdict.delivered == 0
    present(booking)
    assert week_of(booking.person, day).verdict.delivered == 120


def test_all_present_is_one_named_act_and_leaves_touched_rows() -> None:
    session = make_past_session()
    first, _second, _third = (seat(session, make_person()) for _n in range(3))
    services.mark_absent(actor=leader_of(session), booking=first, kind="unexcused")
    rows = services.mark_all_present(actor=leader_of(session), session=session)
    assert len(rows) == 2
    assert {row.recorded_by for row in rows} == {session.leaders.get().staff}
    assert {row.went_out for row in rows} == {None}
    assert Entry.objects.filter(action="attendance.mark_all_present").count() == 1
    taken = services.undo_all_present(actor=leader_of(session), session=session, at=rows[0].recorded_at)
    assert taken == 2
    assert sorted(states(session)) == ["absent", "untouched", "untouched"]


def test_late_left_early_and_the_exact_minutes() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    present(booking, session.span.start + timedelta(minutes=10, seconds=30))
    services.mark_left(
        actor=leader_of(session),
        booking=booking,
        went_out=session.span.end - timedelta(minutes=20),
        reason="ride",
    )
    assert states(session) == ["left"]
    week = week_of(booking.person, local_day(session.span.start, session.site.zone))
    assert float(week.verdict.delivered) == 89.5


def test_undo_takes_the_row_back_and_keeps_it_in_the_record() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    present(booking)
    services.undo(actor=leader_of(session), booking=booking)
    assert states(session) == ["untouched"]
    assert Interval.objects.filter(booking=booking).count() == 2
    present(booking)
    assert states(session) == ["present"]


def test_one_row_for_a_person_however_many_taps() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    present(booking)
    with pytest.raises(Refused, match="is on the roll already"):
        present(booking)


def test_an_excused_absence_has_a_reason() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    with pytest.raises(Refused, match="has a reason"):
        services.mark_absent(actor=leader_of(session), booking=booking, kind="excused")


def test_the_roll_opens_half_an_hour_before_and_closes_after_the_end() -> None:
    session = make_session(cap=3)
    booking = schedule.book(actor=SETUP, person=make_person(), session=session)
    with pytest.raises(Refused, match="half an hour before"):
        services.mark_present(actor=leader_of(session), booking=booking)
    early = session.span.start - timedelta(minutes=20)
    services.mark_present(actor=leader_of(session), booking=booking, now=early)
    with pytest.raises(Refused, match="not over yet"):
        services.close_roll(actor=leader_of(session), session=session, now=session.span.start)


def test_closing_fills_open_times_and_leaves_untouched_rows_untouched() -> None:
    session = make_past_session()
    there, never = seat(session, make_person()), seat(session, make_person())
    present(there)
    services.close_roll(actor=leader_of(session), session=session)
    row = Interval.objects.get(booking=there)
    assert row.went_out == session.span.end
    assert not Interval.objects.filter(booking=never).exists()
    assert roll_of(session).untouched == 1
    with pytest.raises(Refused, match="The roll is closed"):
        present(never)
    services.reopen_roll(actor=leader_of(session), session=session)
    present(never)


def test_nobody_has_left_at_a_time_that_is_still_to_come() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    start, actor = session.span.start, leader_of(session)
    now, later = start + timedelta(minutes=20), start + timedelta(minutes=21)
    services.mark_present(actor=actor, booking=booking, now=now)
    with pytest.raises(Refused, match="still to come"):
        services.mark_left(actor=actor, booking=booking, went_out=later, now=now)
    with pytest.raises(Refused, match="still to come"):
        services.correct_times(
            actor=actor, booking=booking, came_in=start, went_out=later, reason="Typing", now=now
        )
    services.mark_left(actor=actor, booking=booking, went_out=now, now=now)


def test_a_correction_is_a_new_row_with_a_reason() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    present(booking)
    services.close_roll(actor=leader_of(session), session=session)
    start = session.span.start
    with pytest.raises(Refused, match="says why"):
        services.correct_times(
            actor=leader_of(session), booking=booking, came_in=start, went_out=session.span.end, reason=" "
        )
    services.correct_times(
        actor=leader_of(session),
        booking=booking,
        came_in=start + timedelta(minutes=30),
        went_out=session.span.end,
        reason="Sign-in sheet",
    )
    week = week_of(booking.person, local_day(start, session.site.zone))
    assert week.verdict.delivered == 90
    assert Interval.objects.filter(booking=booking).count() == 2
    services.correct_absent(
        actor=leader_of(session), booking=booking, kind="unexcused", reason="Wrong person"
    )
    assert states(session) == ["absent"]


def test_the_database_refuses_to_change_a_row() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    present(booking)
    rows = Interval.objects.filter(booking=booking)
    with pytest.raises(IntegrityError, match="corrected by a new row"), transaction.atomic():
        rows.update(came_in=session.span.start + timedelta(minutes=5))
    rows.update(went_out=session.span.end, out_at=timezone.now(), out_by=session.leaders.get().staff)
    with pytest.raises(IntegrityError, match="corrected by a new row"), transaction.atomic():
        rows.update(went_out=None)


def test_the_first_confirmed_clinical_service_starts_treatment() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    episode = make_episode(starts_on=yesterday.date(), at=yesterday)
    session = make_past_session()
    booking = seat(session, episode.person)
    present(booking)
    episode.refresh_from_db()
    assert episode.state == "first_week"
    assert episode.first_service_on == local_day(session.span.start, session.site.zone)


def started(episode: Episode) -> tuple[str, date | None, date | None]:
    found = Episode.objects.get(pk=episode.pk)
    return found.state, found.first_service_on, found.last_service_on


@pytest.mark.parametrize("how", ["undo", "all", "absent"])
def test_the_first_service_taken_back_takes_back_the_first_week(how: str) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    episode = make_episode(starts_on=yesterday.date(), at=yesterday)
    session = make_past_session()
    booking, actor = seat(session, episode.person), leader_of(session)
    day = local_day(session.span.start, session.site.zone)
    rows = services.mark_all_present(actor=actor, session=session)
    assert started(episode) == ("first_week", day, day)
    if how == "undo":
        services.undo(actor=actor, booking=booking)
    elif how == "all":
        services.undo_all_present(actor=actor, session=session, at=rows[0].recorded_at)
    else:
        services.correct_absent(actor=actor, booking=booking, kind="unexcused", reason="The wrong Ana.")
    assert started(episode) == ("admitted", None, None)
    end = session.span.end
    services.correct_times(
        actor=actor, booking=booking, came_in=session.span.start, went_out=end, reason="She was."
    )
    assert started(episode) == ("first_week", day, day)


def test_another_service_keeps_the_first_week() -> None:
    earlier = timezone.now() - timedelta(days=9)
    episode = make_episode(starts_on=earlier.date(), at=earlier)
    sessions = [make_past_session(begun=timedelta(days=days, hours=3)) for days in (8, 4, 0)]
    first, second, third = (local_day(one.span.start, one.site.zone) for one in sessions)
    bookings = [seat(one, episode.person) for one in sessions]
    for booking in bookings:
        present(booking)
    services.undo(actor=leader_of(sessions[1]), booking=bookings[1])
    assert started(episode) == ("first_week", first, third)
    services.undo(actor=leader_of(sessions[0]), booking=bookings[0])
    assert started(episode) == ("first_week", third, third)
    present(bookings[1])
    assert started(episode) == ("first_week", second, third)


def test_who_was_marked_before_the_start_starts_when_the_roll_closes() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    episode = make_episode(starts_on=yesterday.date(), at=yesterday)
    session = make_past_session()
    booking, actor = seat(session, episode.person), leader_of(session)
    early = session.span.start - timedelta(minutes=5)
    services.mark_present(actor=actor, booking=booking, now=early)
    assert started(episode)[0] == "admitted"
    services.close_roll(actor=actor, session=session)
    assert started(episode)[0] == "first_week"


def test_a_week_that_runs_is_short_of_nothing_yet() -> None:
    session = make_past_session()
    episode = make_episode(starts_on=weeks_ago(), started=True, at=timezone.now() - timedelta(days=30))
    present(seat(session, episode.person))
    zone = session.site.zone
    day = local_day(session.span.start, zone)
    week = week_of(episode.person, day)  # no session is ahead
    last = datetime.combine(week.end, time(23, 59), tzinfo=zone)
    for now, said in ((last, "so far"), (last + timedelta(minutes=1), "short of the floor")):
        assert said in week_of(episode.person, day, now=now).sentence


def test_what_was_attended_is_what_the_weeks_counted() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    missed = make_past_session(begun=timedelta(days=8))
    seat(missed, booking.person)
    present(booking, session.span.start + timedelta(minutes=10))
    day = local_day(session.span.start, session.site.zone)
    found = attended_between(booking.person, day - timedelta(days=20), day)
    assert found.minutes == found.counted == week_of(booking.person, day).verdict.delivered
    assert [each.day for each in found.days] == [day] and found.days[0].titles == (session.title,)
    assert (found.booked, found.kept) == (2, 1)


def test_an_open_row_counts_up_to_now() -> None:
    session = make_past_session(begun=timedelta(minutes=30))
    booking = seat(session, make_person(site=session.site))
    present(booking)
    now = session.span.start + timedelta(minutes=45)
    week = week_of(booking.person, local_day(session.span.start, session.site.zone), now=now)
    assert week.verdict.delivered == 45


def test_a_session_somebody_was_at_stays() -> None:
    session = make_past_session()
    present(seat(session, make_person()))
    assert attended_sessions([session.pk]) == {session.pk}
    with pytest.raises(Refused, match="Somebody was there already"):
        schedule.cancel_session(actor=SETUP, session=session, reason="sick")


def test_a_pull_out_takes_the_minutes_of_the_group() -> None:
    session = make_past_session()
    booking = seat(session, make_person(site=session.site))
    visit = make_past_session(begun=timedelta(hours=2, minutes=30), lasts=timedelta(minutes=25))
    Session.objects.filter(pk=visit.pk).update(during=visit.during)
    inner = schedule.book(
        actor=SETUP, person=booking.person, session=visit, reasons=schedule.Reasons(pull_out=True)
    )
    present(booking)
    present(inner)
    week = week_of(booking.person, local_day(session.span.start, session.site.zone))
    assert {line.booking.pk: float(line.credit) for line in week.lines} == {booking.pk: 95, inner.pk: 25}


def test_a_cancelled_booking_is_not_on_the_roll() -> None:
    session = make_past_session()
    booking = seat(session, make_person())
    schedule.cancel_booking(actor=SETUP, booking=booking, reason="moved away")
    with pytest.raises(Refused, match="is not booked"):
        present(booking)


def test_the_list_of_rolls_counts_rows() -> None:
    session = make_past_session()
    present(seat(session, make_person()))
    services.mark_absent(actor=leader_of(session), booking=seat(session, make_person()), kind="unexcused")
    seat(session, make_person())
    (state,) = rolls_of(Session.objects.with_taken().filter(pk=session.pk))
    assert (state.expected, state.recorded, state.closed) == (3, 2, False)
    assert Booking.objects.count() == 3
    assert Absence.objects.count() == 1
