"""A chart opened by break-glass gives nothing that outlasts the four hours."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.schedule.factories import make_session
from dayward.care.schedule.models import Booking, CalendarFeed
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.models import PortalKey
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db


def browser(staff: StaffMember) -> Client:
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.fixture
def person() -> Person:
    return make_person(legal_given="Nia", legal_family="Okafor")


@pytest.fixture
def staff(person: Person) -> StaffMember:
    found = make_staff_with("therapist")
    assert found.user
    access.open_break_glass(actor=staff_actor(found.user), person=person, reason="On call, they phoned.")
    return found


def addresses(person: Person, staff: StaffMember) -> dict[str, tuple[str, dict[str, str]]]:
    """Where something lasting is given, and what is posted there."""
    own = make_session(day=timezone.now().date() + timedelta(days=3), leader=staff, clock=(time(6), time(7)))
    to = {"to": person.public_id}
    return {
        "code": (reverse("consent:show_code", args=[person.public_id]), to),
        "mail": (reverse("consent:send", args=[person.public_id]), to),
        "tablet": (reverse("portal:tablet", args=[person.public_id]), to),
        "seat": (reverse("schedule:book_session", args=[person.public_id, own.public_id]), {}),
        "calendar": (reverse("schedule:person_calendar", args=[person.public_id]), {"act": "make"}),
    }


@pytest.mark.parametrize("what", ["code", "mail", "tablet", "seat", "calendar"])
def test_through_break_glass_nothing_lasting_is_given(what: str, person: Person, staff: StaffMember) -> None:
    client = browser(staff)
    url, told = addresses(person, staff)[what]
    answer = client.post(url, told)
    assert "by break-glass" in str([str(one) for one in get_messages(answer.wsgi_request)])
    given = (PortalKey.objects.count(), Booking.objects.count(), CalendarFeed.objects.count())
    assert given == (0, 0, 0)
    assert client.session["_auth_user_id"] == str(staff.user_id)


@pytest.mark.parametrize("what", ["code", "tablet"])
def test_the_care_team_gives_it(what: str, person: Person) -> None:
    staff = make_treating(person)
    url, told = addresses(person, staff)[what]
    browser(staff).post(url, told)
    assert PortalKey.objects.exists()


def test_a_chart_open_by_break_glass_is_not_linked_to_another(person: Person, staff: StaffMember) -> None:
    own = make_person(legal_family="Okafor", birth_date=person.birth_date)
    access.add_to_care_team(actor=SETUP, person=own, staff=staff, function="therapist")
    for one, other in ((own, person), (person, own)):
        url = reverse("people:same", args=[one.public_id, other.public_id])
        browser(staff).post(url, {"reason": "The same person, surely."})
    assert not Person.objects.exclude(same_as=None).exists()
