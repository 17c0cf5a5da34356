"""Every page of people, access and the staff shell opens with data, in at most 15 queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dayward.foundation.access import queries, services
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.access.panels import ON_DEMAND, SOON
from dayward.foundation.audit import jobs
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db

MOST_QUERIES = 15
Page = Callable[[Person, StaffMember], str]


def clinic_of(count: int) -> tuple[Person, StaffMember]:
    """One person with everything, `count` others, and a member of staff who holds every role."""
    staff = make_staff_with("compliance", "supervisor", "director", "administrator", credential="nurse")
    assert staff.user
    for _each in range(count):
        other = make_person(legal_family="Okafor")
        make_treating(other, credential="counselor", supervisor=staff)
        services.open_break_glass(
            actor=staff_actor(staff.user), person=other, reason="On call, they phoned tonight."
        )
    person = make_person(legal_family="Okafor", chosen_name="Nia")
    for number in range(count):
        people.add_contact_point(actor=SETUP, person=person, kind="phone", value=f"512 555 01{number:02}")
        people.add_identifier(actor=SETUP, person=person, system="St. Brigid", value=str(number))
        relative = make_person(legal_family="Relative")
        people.add_relationship(actor=SETUP, person=person, relative=relative, kind="sibling")
        make_treating(person)
    people.add_address(actor=SETUP, person=person, street="4 Elm")
    return person, staff


def of(name: str) -> Page:
    return lambda person, staff: reverse(name)


def of_person(name: str) -> Page:
    return lambda person, staff: reverse(name, args=[person.public_id])


def of_staff(name: str) -> Page:
    return lambda person, staff: reverse(name, args=[staff.public_id])


PAGES = {
    "staff:search": of("staff:search"),
    "people:register": of("people:register"),
    "people:person": of_person("people:person"),
    "people:edit": of_person("people:edit"),
    "people:add_contact": of_person("people:add_contact"),
    "people:duplicates": of_person("people:duplicates"),
    "access:team": of_person("access:team"),
    "access:readers": of_person("access:readers"),
    "access:my_people": of("access:my_people"),
    "access:roles": of("access:roles"),
    "access:staff": of("access:staff"),
    "access:member": of_staff("access:member"),
    "access:edit_staff": of_staff("access:edit_staff"),
    "access:openings": of("access:openings"),
    "access:trail": of("access:trail"),
    "organization:setup": of("organization:setup"),
    "mfa_index": of("mfa_index"),
}


def queries_of(url: str, staff: StaffMember) -> int:
    """What the page takes when somebody opens it who has just come."""
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    client.post(reverse("staff:search"), {"q": "Okafor"})
    client.get(reverse("access:roles"))  # the first request of a session keeps its time zone
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(asked)


def test_a_page_takes_few_queries_however_much_there_is() -> None:
    person, staff = clinic_of(6)
    taken = {name: queries_of(page(person, staff), staff) for name, page in PAGES.items()}
    assert {name: count for name, count in taken.items() if count > MOST_QUERIES} == {}


@pytest.mark.parametrize(("count", "page"), [(SOON + ON_DEMAND, False), (SOON + ON_DEMAND + 1, True)])
def test_a_long_list_of_my_people_has_a_page_of_its_own(count: int, page: bool) -> None:
    therapist = make_staff_with("therapist")
    assert therapist.user
    found = [make_person() for _each in range(count)]
    for person in found:
        services.add_to_care_team(actor=SETUP, person=person, staff=therapist, function="therapist")
    client = Client()
    client.force_login(therapist.user)
    today, mine = client.get(reverse("staff:today")), client.get(reverse("access:my_people"))
    assert (reverse("access:my_people") in today.content.decode()) is page
    shown = today if not page else mine
    assert all(person.public_id in shown.content.decode() for person in found)


def test_two_people_on_one_form_lose_neither_text() -> None:
    person, staff = clinic_of(1)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    url = reverse("people:edit", args=[person.public_id])
    form = client.get(url).context["form"]
    told = {name: form[name].value() or "" for name in form.fields} | {"version": person.version}
    people.update_person(
        actor=staff_actor(staff.user), person=person, version=1, contact_note="Only mornings"
    )
    answer = client.post(url, {**told, "contact_note": "Never on Fridays"})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Only mornings" in shown
    assert "Never on Fridays" in shown
    assert staff.name in shown
    version = answer.context["version"]
    client.post(url, {**told, "version": version, "contact_note": "Only mornings, never on Fridays"})
    assert Person.objects.get(pk=person.pk).contact_note == "Only mornings, never on Fridays"


def test_registering_looks_first_whether_somebody_is_here() -> None:
    person, staff = clinic_of(1)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    told = {
        "legal_given": person.legal_given,
        "legal_family": "okafor",
        "birth_date": str(person.birth_date),
        "phone": "512 555 0100",
    }
    before = Person.objects.count()
    shown = client.post(reverse("people:register"), told).content.decode()
    assert "Perhaps they are here already" in shown
    assert Person.objects.count() == before
    client.post(reverse("people:register"), {**told, "new": "1"})
    assert Person.objects.count() == before + 1


def test_ending_and_undoing_a_number() -> None:
    person, staff = clinic_of(1)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    point = person.contact_points.get()
    client.post(reverse("people:end_contact", args=[person.public_id, point.public_id]))
    assert not person.contact_points.filter(ended_on=None).exists()
    shown = client.get(reverse("people:person", args=[person.public_id])).content.decode()
    assert reverse("people:restore_contact", args=[person.public_id, point.public_id]) in shown
    client.post(reverse("people:restore_contact", args=[person.public_id, point.public_id]))
    assert person.contact_points.filter(ended_on=None).exists()


def test_the_palette_offers_people_pages_and_acts() -> None:
    _person, staff = clinic_of(1)
    client = Client()
    assert staff.user
    client.force_login(staff.user)
    assert "Nia Okafor" in client.post(reverse("staff:palette"), {"q": "okaf"}).content.decode()
    assert "New person" in client.post(reverse("staff:palette"), {"q": "new pers"}).content.decode()
    assert "Audit trail" in client.post(reverse("staff:palette"), {"q": "trail"}).content.decode()


def test_the_page_of_the_chains_shows_the_last_walk_and_asks_for_another() -> None:
    officer, staff = Client(), make_staff_with("compliance")
    assert staff.user
    officer.force_login(staff.user)
    page = reverse("access:chains")
    assert "Nobody has walked" in officer.get(page).content.decode()
    officer.post(page)
    officer.post(page)  # once more while it waits
    assert ProcrastinateJob.objects.filter(task_name="audit.walk", status="todo").count() == 1
    jobs.walk()
    assert "As found on" in officer.get(page).content.decode()


def test_who_is_expected_next_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """And whom nobody expects, last."""
    nobody, later, sooner = (make_person() for _each in range(3))
    now = timezone.now()
    when = {later.pk: now + timedelta(days=2), sooner.pk: now + timedelta(hours=1)}
    monkeypatch.setattr(queries, "appointments_of", lambda _people: when)
    found = queries.soonest([nobody, later, sooner])
    assert [(each.person, each.next) for each in found] == [
        (sooner, when[sooner.pk]),
        (later, when[later.pk]),
        (nobody, None),
    ]
