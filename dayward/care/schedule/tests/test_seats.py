"""The finder of seats that fit: rules by tables, and the queries on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.factories import make_program, make_track
from dayward.care.schedule import services
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    make_group,
    make_segment,
    make_series,
    next_monday,
    sessions_on,
)
from dayward.care.schedule.models import Group, Session
from dayward.care.schedule.queries.seats import SeatFound, seats_for, seats_for_many
from dayward.care.schedule.rules.fitting import Ahead, Like, Week, free_for, like_it, minutes_on, same_topic
from dayward.foundation.people.factories import make_person
from dayward.kernel.spans import Span

DAY = date(2026, 3, 2)


def span(start: int, end: int, day: date = DAY) -> Span:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Span(at + timedelta(hours=start), at + timedelta(hours=end))


OFFER = Ahead(span(9, 10), DAY, 60, "Sleep", "group-therapy", left=2)


@pytest.mark.parametrize(
    ("offer", "week", "fits"),
    [
        (OFFER, Week(), True),
        (replace(OFFER, left=0), Week(), False),
        (OFFER, Week(booked=((DAY, span(9, 12), ()),)), False),
        (OFFER, Week(booked=((DAY, span(10, 12), ()),)), True),  # touching ends do not collide
        (OFFER, Week(own=(span(8, 10),)), False),
        (OFFER, Week(refused=(span(9, 10),)), False),
        (OFFER, Week(since=DAY + timedelta(days=1)), False),
        (OFFER, Week(until=DAY), False),
        (OFFER, Week(booked=((DAY, span(12, 15), ()),), day_most=240), True),
        (OFFER, Week(booked=((DAY, span(12, 16), ()),), day_most=240), False),
        (OFFER, Week(booked=((DAY, span(12, 16), (span(13, 14),)),), day_most=240), True),  # the break is out
    ],
)
def test_what_fits(offer: Ahead, week: Week, fits: bool) -> None:
    assert free_for(offer, week) is fits


def test_a_break_counts_where_another_session_runs() -> None:
    booked = ((DAY, span(9, 12), (span(10, 11),)), (DAY, span(10, 11), ()))
    assert minutes_on(DAY, booked) == 180


@pytest.mark.parametrize(
    ("offer", "alike", "same"),
    [
        (replace(OFFER, day=DAY + timedelta(days=1)), True, True),
        (OFFER, False, True),  # the same day is too early
        (replace(OFFER, day=DAY + timedelta(days=1), topic="sleep"), True, True),
        (replace(OFFER, day=DAY + timedelta(days=1), topic="Anger"), True, False),
        (replace(OFFER, day=DAY + timedelta(days=1), topic="Anger", service="psychoeducation"), False, False),
    ],
)
def test_what_is_like_a_missed_session(offer: Ahead, alike: bool, same: bool) -> None:
    missed = Like(DAY, "Sleep", "group-therapy")
    assert (like_it(offer, missed), same_topic(offer, missed)) == (alike, same)


def test_without_a_topic_the_kind_of_service_decides() -> None:
    assert same_topic(replace(OFFER, topic=""), Like(DAY, "", "group-therapy"))
    assert not same_topic(replace(OFFER, topic=""), Like(DAY, "", "psychoeducation"))


@given(st.lists(st.tuples(st.integers(0, 22), st.integers(1, 2)), max_size=6))
def test_more_that_is_booked_never_opens_a_seat(rows: list[tuple[int, int]]) -> None:
    booked = tuple((DAY, span(start, start + length), ()) for start, length in rows)
    fits = [free_for(OFFER, Week(booked=booked[:n], day_most=300)) for n in range(len(booked) + 1)]
    assert fits == sorted(fits, reverse=True)


# -- on PostgreSQL ---------------------------------------------------------------------------------------------


def titles(found: list[SeatFound]) -> set[str]:
    return {each.session.title for each in found}


def two_groups() -> tuple[Group, Group]:
    """One in the morning, one in the afternoon, of one track."""
    track = make_track()
    one, other = make_group(track=track, name="Morning"), make_group(track=track, name="Afternoon")
    make_series(one)
    make_series(other, starts=time(13), ends=time(15))
    return one, other


@pytest.mark.django_db
def test_only_sessions_beside_their_own_are_offered() -> None:
    one, other = two_groups()
    segment = make_segment(one.track)
    enrolled(segment, one)
    monday = next_monday(one.site)
    found = seats_for(segment.episode.person, until=monday + timedelta(days=6))
    assert titles(found) == {"Afternoon"}
    assert [each.day for each in found] == [monday + timedelta(days=n) for n in (0, 2, 4)]
    assert {(each.minutes, each.left, each.counts) for each in found} == {(120, other.cap, True)}


@pytest.mark.django_db
def test_own_hours_a_full_group_and_another_program_are_left_out() -> None:
    one, other = two_groups()
    segment = make_segment(one.track)
    person, monday = segment.episode.person, next_monday(one.site)
    elsewhere = make_group(track=make_track(make_program(name="Adolescents")), name="Elsewhere")
    make_series(elsewhere)
    services.tell_own_hours(
        actor=SETUP,
        person=person,
        blocks=[services.Block(frozenset({1}), time(8), time(12), "job", "")],
        from_day=monday,
    )
    (full,) = sessions_on(other, monday)
    Session.objects.filter(pk=full.pk).update(cap=0)
    found = seats_for(person, until=monday)
    assert titles(found) == set()
    later = seats_for(person, until=monday + timedelta(days=2))
    assert {(each.day, each.session.title) for each in later} == {
        (monday + timedelta(days=2), "Morning"),
        (monday + timedelta(days=2), "Afternoon"),
    }


@pytest.mark.django_db
def test_for_a_missed_session_later_ones_come_same_topic_first() -> None:
    one, other = two_groups()
    segment = make_segment(one.track)
    monday = next_monday(one.site)
    (missed,) = sessions_on(one, monday)
    Session.objects.filter(pk=missed.pk).update(topic="Sleep")
    (friday,) = sessions_on(other, monday + timedelta(days=4))
    Session.objects.filter(pk=friday.pk).update(topic="Sleep")
    missed.refresh_from_db()
    found = seats_for(segment.episode.person, missed, until=monday + timedelta(days=6))
    assert found[0].session == friday
    assert [each.same_topic for each in found] == [True, False, False, False]
    assert all(each.day > monday for each in found)


@pytest.mark.django_db
def test_a_session_somebody_said_no_to_is_not_offered_again() -> None:
    one, _other = two_groups()
    segment = make_segment(one.track)
    enrolled(segment, one)
    person, monday = segment.episode.person, next_monday(one.site)
    (session,) = sessions_on(one, monday)
    booking = session.bookings.get(person=person)
    services.cancel_booking(actor=SETUP, booking=booking)
    assert session not in [each.session for each in seats_for(person, until=monday)]


@pytest.mark.django_db
def test_a_whole_program_takes_as_many_queries_as_one_person() -> None:
    one, _other = two_groups()
    people = [make_segment(one.track).episode.person for _n in range(5)]
    until = next_monday(one.site) + timedelta(days=6)
    with CaptureQueriesContext(connection) as few:
        seats_for_many(people[:1], until=until)
    with CaptureQueriesContext(connection) as many:
        found = seats_for_many(people, until=until)
    assert len(many) == len(few) <= 5
    assert all(len(found[each.pk]) == 6 for each in people)


@pytest.mark.django_db
def test_somebody_without_treatment_has_no_seats() -> None:
    person = make_person()
    assert seats_for_many([person], until=DAY) == {person.pk: []}
