"""Make-ups booked: from a missed session to a linked seat, on PostgreSQL and on their pages (requirements 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance import services
from dayward.care.attendance.factories import leader_of, present
from dayward.care.attendance.models import Absence
from dayward.care.attendance.queries import week_of
from dayward.care.attendance.queries.makeups import make_up_seats, missed_by
from dayward.care.attendance.queries.week import foreseen_weeks
from dayward.care.attendance.services.makeups import book_make_up
from dayward.care.attendance.tests.test_weeks import in_treatment, last_week, session_on, stored
from dayward.care.journey.factories import make_track
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import (
    SETUP,
    enrolled,
    make_group,
    make_segment,
    make_series,
    make_session,
    next_monday,
    sessions_on,
)
from dayward.care.schedule.models import Booking, Group, Session
from dayward.care.schedule.queries import week_for
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import grant_role
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import STARTED, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    """Somebody in the morning group who misses Monday; the same track has an afternoon."""

    person: Person
    monday: date
    missed: Booking
    afternoon: Group

    def afternoon_on(self, days: int) -> Session:
        (found,) = sessions_on(self.afternoon, self.monday + timedelta(days=days))
        return found


@pytest.fixture
def scene() -> Scene:
    track = make_track()
    morning, afternoon = make_group(track=track, name="Morning"), make_group(track=track, name="Afternoon")
    make_series(morning)
    make_series(afternoon, starts=time(13), ends=time(15))
    segment = make_segment(track)
    enrolled(segment, morning)
    monday = next_monday(track.program.site)
    (session,) = sessions_on(morning, monday)
    seat = session.bookings.get(person=segment.episode.person)
    services.mark_absent(
        actor=leader_of(session), booking=seat, kind=Absence.Kind.UNEXCUSED, now=session.span.start
    )
    return Scene(segment.episode.person, monday, seat, afternoon)


def test_what_was_missed_is_listed_with_why(scene: Scene) -> None:
    (row,) = missed_by(scene.person)
    assert (row.booking, row.why, row.open) == (scene.missed, "No-show", True)


def test_a_make_up_is_a_seat_of_its_own_linked_to_the_missed_one(scene: Scene) -> None:
    made = book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(2))
    assert made.makes_up_for == scene.missed
    (row,) = missed_by(scene.person)
    assert (row.make_up, row.open, row.make_up_missed) == (made, False, False)
    item = next(each for each in week_for(scene.person, scene.monday).items if each.booking == made.public_id)
    assert item.makes_up_for == f"Morning of {scene.monday:%a}, {scene.monday:%b} {scene.monday.day}"
    entry = Entry.objects.filter(action="schedule.book").latest("pk")
    assert entry.detail["makes_up_for"] == scene.missed.public_id
    assert scene.missed.absences.filter(withdrawn_at__isnull=True).exists()  # it stays missed


def test_the_week_says_what_is_made_up_for_already(scene: Scene) -> None:
    def told() -> bool:
        lines = week_of(scene.person, scene.monday).lines
        return next(line.made_up for line in lines if line.booking == scene.missed)

    assert not told()
    made = book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(2))
    assert told()
    schedule.cancel_booking(actor=SETUP, booking=made)
    assert not told()


def test_one_make_up_for_one_missed_session(scene: Scene) -> None:
    book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(2))
    with pytest.raises(Refused, match="made up for already"):
        book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(4))


def test_the_same_day_is_too_early(scene: Scene) -> None:
    with pytest.raises(Refused, match="same day or earlier"):
        book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(0))


def test_neither_a_full_group_nor_a_collision_takes_a_reason(scene: Scene) -> None:
    wednesday = scene.afternoon_on(2)
    Session.objects.filter(pk=wednesday.pk).update(cap=0)
    with pytest.raises(Refused, match="No seat is left"):
        book_make_up(actor=SETUP, missed=scene.missed, session=wednesday)
    friday = scene.afternoon_on(4)
    schedule.book(actor=SETUP, person=scene.person, session=friday)
    with pytest.raises(Refused, match="collides"):
        book_make_up(actor=SETUP, missed=scene.missed, session=friday)


def test_a_day_has_its_most(scene: Scene) -> None:
    """Three hours in the morning and two in the afternoon are five; one more session is too many."""
    schedule.book(actor=SETUP, person=scene.person, session=scene.afternoon_on(2))
    late = make_session(
        site=scene.afternoon.site, day=scene.monday + timedelta(days=2), clock=(time(16), time(17)), cap=8
    )
    Session.objects.filter(pk=late.pk).update(
        group=scene.afternoon, service=scene.afternoon.service, series_day=None
    )
    with pytest.raises(Refused, match="most minutes"):
        book_make_up(actor=SETUP, missed=scene.missed, session=Session.objects.get(pk=late.pk))


def test_another_kind_of_service_is_no_make_up(scene: Scene) -> None:
    other = make_session(
        site=scene.afternoon.site,
        day=scene.monday + timedelta(days=1),
        service="psychoeducation",
        cap=8,
    )
    with pytest.raises(Refused, match="another topic"):
        book_make_up(actor=SETUP, missed=scene.missed, session=other)


def test_an_individual_session_does_not_make_up_for_a_group(scene: Scene) -> None:
    alone = make_session(site=scene.afternoon.site, day=scene.monday + timedelta(days=1))
    with pytest.raises(Refused, match="only if the plan says so"):
        book_make_up(actor=SETUP, missed=scene.missed, session=alone)


def test_what_was_attended_is_not_made_up_for(scene: Scene) -> None:
    there = Booking.objects.standing().filter(person=scene.person).exclude(pk=scene.missed.pk)
    seat = there.filter(session__group__name="Morning").first()
    assert seat
    with pytest.raises(Refused, match="Nobody wrote down"):
        book_make_up(actor=SETUP, missed=seat, session=scene.afternoon_on(4))


def test_the_database_refuses_an_earlier_day_and_another_person(scene: Scene) -> None:
    earlier = schedule.book(actor=SETUP, person=scene.person, session=scene.afternoon_on(0))
    with pytest.raises(IntegrityError, match="later"), transaction.atomic():
        Booking.objects.filter(pk=earlier.pk).update(makes_up_for=scene.missed)
    other = schedule.book(actor=SETUP, person=make_person(), session=scene.afternoon_on(2))
    with pytest.raises(IntegrityError, match="later"), transaction.atomic():
        Booking.objects.filter(pk=other.pk).update(makes_up_for=scene.missed)


def test_said_no_ahead_is_missed_too_and_a_make_up_given_back_opens_the_first_again(scene: Scene) -> None:
    made = book_make_up(actor=SETUP, missed=scene.missed, session=scene.afternoon_on(2))
    schedule.cancel_booking(actor=SETUP, booking=made)
    assert [row.booking for row in missed_by(scene.person)] == [scene.missed]
    wednesday = Booking.objects.standing().get(
        person=scene.person, session__series_day=scene.monday + timedelta(days=2)
    )
    schedule.cancel_booking(actor=SETUP, booking=wednesday, reason="Court")
    assert [(row.booking, row.why) for row in missed_by(scene.person)] == [
        (wednesday, "Canceled ahead by the person: Court"),
        (scene.missed, "No-show"),
    ]


def test_a_missed_make_up_is_missed_itself(scene: Scene) -> None:
    session = scene.afternoon_on(2)
    made = book_make_up(actor=SETUP, missed=scene.missed, session=session)
    services.mark_absent(
        actor=leader_of(session), booking=made, kind=Absence.Kind.UNEXCUSED, now=session.span.start
    )
    second, first = missed_by(scene.person)
    assert (second.booking, second.open) == (made, True)
    assert first.make_up_missed
    again = book_make_up(actor=SETUP, missed=made, session=scene.afternoon_on(4))
    assert again.makes_up_for == made


def test_it_counts_in_the_week_in_which_it_happens() -> None:
    """Missed on a Monday, made up on the Monday after: the second week has the minutes, and no minute twice."""
    person, monday = make_person(), next_monday(make_site())
    first, second = (
        make_session(service="group-therapy", day=monday + timedelta(days=days), cap=8) for days in (0, 7)
    )
    missed = schedule.book(actor=SETUP, person=person, session=first)
    schedule.cancel_booking(actor=SETUP, booking=missed)
    made = book_make_up(actor=SETUP, missed=missed, session=second)
    leader, end = leader_of(second), second.span.end
    services.mark_present(actor=leader, booking=made, now=second.span.start)
    services.close_roll(actor=leader, session=second, now=end)
    weeks = [week_of(person, monday + timedelta(days=days), now=end) for days in (0, 7)]
    assert [week.verdict.delivered for week in weeks] == [0, 60]


def test_the_attendance_of_a_week_is_the_same_with_a_make_up_and_without() -> None:
    """The missed session stays missed; what makes up for it mends the dose alone."""
    episode, start = in_treatment(), last_week()
    missed, later = (session_on(start + timedelta(days=days)) for days in (1, 3))
    away = schedule.book(actor=SETUP, person=episode.person, session=missed)
    services.mark_absent(actor=leader_of(missed), booking=away, kind=Absence.Kind.UNEXCUSED)
    before = stored(episode, start)
    made = schedule.book(actor=SETUP, person=episode.person, session=later, makes_up_for=away)
    present(made)
    after = stored(episode, start)
    assert before.sessions_scheduled == after.sessions_scheduled == 1
    assert (after.sessions_kept, after.absences_unexcused) == (0, 1)
    assert after.delivered_seconds - before.delivered_seconds == 3 * 3600


def test_seats_say_what_they_do_to_their_week(scene: Scene) -> None:
    row = missed_by(scene.person)[0]
    seats = make_up_seats(row, scene.person)
    assert {each.seat.session.title for each in seats} == {"Afternoon"}
    first = seats[0]
    assert (int(first.week.short_by), int(first.after)) == (180, 60)  # 6 h of 9; two hours more
    assert not first.mends
    assert "3 h will be missing to the floor of 9 h" in first.week.sentence


def test_weeks_are_foreseen_from_one_reading(
    scene: Scene, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    now, days = timezone.now(), [scene.monday + timedelta(days=number) for number in (-7, 0, 2, 7, 14)]
    assert scene.person.all_ids
    with django_assert_max_num_queries(2):
        found = foreseen_weeks(scene.person, days, now)
    one_by_one = {day: week_of(scene.person, day, now=now) for day in days}
    assert {day: each.span for day, each in found.items()} == {d: w.span for d, w in one_by_one.items()}
    assert {day: each.outlook for day, each in found.items()} == {d: w.outlook for d, w in one_by_one.items()}


# -- on their pages --------------------------------------------------------------------------------------------


def browser(role: str) -> Client:
    staff = make_staff_with(role)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


def test_a_make_up_is_found_booked_and_taken_back(scene: Scene) -> None:
    client = browser("director")
    listed = client.get(reverse("attendance:makeups", args=[scene.person.public_id]))
    assert "No-show" in listed.content.decode()
    url = reverse("attendance:makeup", args=[scene.person.public_id, scene.missed.public_id])
    assert "Afternoon" in client.get(url).content.decode()
    answer = client.post(url, {"session": scene.afternoon_on(2).public_id}, follow=True)
    assert "Make-up booked" in answer.content.decode()
    made = Booking.objects.get(makes_up_for=scene.missed)
    undo = reverse("schedule:cancel_booking", args=[scene.person.public_id, made.public_id])
    client.post(f"{undo}?undo")
    made.refresh_from_db()
    assert made.cancel_kind == Booking.Ended.UNDONE
    assert missed_by(scene.person)[0].open


def test_a_missed_visit_is_booked_again_with_the_same_clinician() -> None:
    person, monday = make_person(), next_monday(make_site())
    visit = make_session(day=monday, clock=(time(9), time(9, 50)))
    missed = schedule.book(actor=SETUP, person=person, session=visit)
    schedule.cancel_booking(actor=SETUP, booking=missed, reason="Court")
    client = browser("director")
    listed = client.get(reverse("attendance:makeups", args=[person.public_id])).content.decode()
    url = reverse("attendance:makeup_visit", args=[person.public_id, missed.public_id])
    assert url in listed
    led = visit.leaders.get().staff
    data = {
        "staff": str(led.pk),
        "day": monday.isoformat(),
        "starts": "14:00",
        "minutes": "50",
        "modality": "in_person",
        "room": str(visit.room_id),
    }
    assert "same day or earlier" in client.post(url, data).content.decode()
    assert Session.objects.filter(service=visit.service).count() == 1  # what was refused is not there
    after = client.post(url, {**data, "day": (monday + timedelta(days=1)).isoformat()}, follow=True)
    assert "Make-up booked" in after.content.decode()
    made = Booking.objects.get(makes_up_for=missed)
    assert (made.session.service, made.session.leaders.get().staff) == (visit.service, led)


def test_a_missed_group_is_not_booked_again_as_a_visit(scene: Scene) -> None:
    url = reverse("attendance:makeup_visit", args=[scene.person.public_id, scene.missed.public_id])
    assert browser("director").get(url).status_code == 404


def test_a_refusal_says_why_and_keeps_the_page(scene: Scene) -> None:
    url = reverse("attendance:makeup", args=[scene.person.public_id, scene.missed.public_id])
    answer = browser("director").post(url, {"session": scene.afternoon_on(0).public_id})
    assert answer.status_code == 422
    assert "same day or earlier" in answer.content.decode()


def test_a_session_of_another_site_makes_up_for_nothing(scene: Scene) -> None:
    here, there = scene.missed.session.site, make_site("Riverbend East")
    staff, client = make_staff_with(site=here), Client()
    grant_role(actor=SETUP, staff=staff, role="director", site=here, starts_on=STARTED)
    assert staff.user
    client.force_login(staff.user)
    url = reverse("attendance:makeup", args=[scene.person.public_id, scene.missed.public_id])
    assert client.post(url, {"session": make_session(site=there).public_id}).status_code == 404
    assert client.post(url, {"session": scene.afternoon_on(2).public_id}).status_code == 302


def test_who_only_reads_finds_no_button(scene: Scene) -> None:
    client = browser("compliance")
    listed = client.get(reverse("attendance:makeups", args=[scene.person.public_id])).content.decode()
    assert "No-show" in listed
    assert "Find a seat" not in listed
    url = reverse("attendance:makeup", args=[scene.person.public_id, scene.missed.public_id])
    assert client.get(url).status_code == 403


def test_week_roll_and_session_say_what_it_makes_up_for(scene: Scene) -> None:
    session = scene.afternoon_on(2)
    book_make_up(actor=SETUP, missed=scene.missed, session=session)
    client = browser("director")
    week = client.get(
        reverse("schedule:person_week", args=[scene.person.public_id]), {"day": scene.monday.isoformat()}
    )
    assert "make-up for Morning of" in week.content.decode()
    for page in ("schedule:session", "attendance:roll"):
        shown = client.get(reverse(page, args=[session.public_id])).content.decode()
        assert "Make-up for Morning of" in shown
