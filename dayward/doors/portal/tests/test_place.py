"""Where the person is, asked on their own page before a session by video."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.attendance.models import Whereabouts
from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import kind, make_session
from dayward.care.schedule.models import Booking
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.services import make_portal_key
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.spans import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(birth_date=date(1991, 4, 2))


def signed_in(person: Person) -> Client:
    client = Client()
    url = reverse("portal:enter", args=[make_portal_key(actor=SETUP, person=person, kind="link")])
    assert client.post(url, {"birth_date": "1991-04-02"}).status_code == 302
    return client


def booked(person: Person, begins: timedelta = timedelta(minutes=-5)) -> Booking:
    site, start = make_site(), timezone.now() + begins
    place = schedule.Place(
        Span(start, start + timedelta(minutes=30)), None, "telehealth", "https://video.example.invalid/r"
    )
    session = schedule.add_session(
        actor=SETUP,
        site=site,
        service=kind(),
        place=place,
        leaders=(make_staff_with("facilitator", site=site),),
        title="Coping skills",
        cap=12,
    )
    return schedule.book(actor=SETUP, person=person, session=session)


def test_it_is_asked_and_then_shown(person: Person) -> None:
    booking, client = booked(person), signed_in(person)
    assert "Where are you right now?" in client.get(reverse("portal:home")).content.decode()
    where = reverse("portal:where", args=[booking.public_id])
    page = client.post(where, {"place": "12 Elm Street, Duluth", "state": "MN", "at_home": "on"}, follow=True)
    assert "You told us that you are here: 12 Elm Street, Duluth, MN" in page.content.decode()
    row = Whereabouts.objects.get()
    assert (row.booking, row.at_home, row.told_by) == (booking, True, person.user.public_id)


def test_nothing_is_written_from_half_an_answer(person: Person) -> None:
    booking, client = booked(person), signed_in(person)
    page = client.post(
        reverse("portal:where", args=[booking.public_id]), {"place": "", "state": "MN"}, follow=True
    )
    assert "choose the state" in page.content.decode()
    assert not Whereabouts.objects.exists()


def test_not_asked_hours_ahead_or_for_a_room(person: Person) -> None:
    client = signed_in(person)
    booked(person, timedelta(hours=5))
    assert "Where are you right now?" not in client.get(reverse("portal:home")).content.decode()
    other = make_person(birth_date=date(1991, 4, 2))
    schedule.book(actor=SETUP, person=other, session=make_session())
    assert "Where are you right now?" not in signed_in(other).get(reverse("portal:home")).content.decode()


def test_of_nobody_else(person: Person) -> None:
    booking = booked(make_person())
    answer = signed_in(person).post(
        reverse("portal:where", args=[booking.public_id]), {"place": "Here", "state": "MN"}
    )
    assert answer.status_code == 404
    assert not Whereabouts.objects.exists()
