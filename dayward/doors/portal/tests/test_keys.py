"""Staff see the links and codes that work, and end them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access.factories import make_treating
from dayward.foundation.access.keys import live_keys
from dayward.foundation.access.models import PortalKey
from dayward.foundation.access.services import make_portal_key, use_portal_key
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.foundation.people.services import add_relationship

pytestmark = pytest.mark.django_db
BORN = date(1991, 4, 2)


@pytest.fixture
def person() -> Person:
    return make_person(birth_date=BORN, legal_given="Rosalind", legal_family="Sampleton")


def key_of(person: Person, kind: str = "link") -> tuple[str, PortalKey]:
    secret = make_portal_key(actor=SETUP, person=person, kind=kind)
    return secret, PortalKey.objects.latest("pk")


def test_what_works_is_listed_and_nothing_else(person: Person) -> None:
    make_portal_key(actor=SETUP, person=person, kind="link", at=timezone.now() - timedelta(days=8))
    code, _key = key_of(person, "code")
    use_portal_key(secret=code, birth_date=BORN)
    key_of(make_person())
    _link, live = key_of(person)
    assert [one.key for one in live_keys([person])] == [live]


def test_staff_see_who_made_it_and_end_it(person: Person) -> None:
    staff, client = make_treating(person, given="Ana", family="Duarte"), Client()
    assert staff.user
    client.force_login(staff.user)
    secret = make_portal_key(actor=staff_actor(staff.user), person=person, kind="link")
    key = PortalKey.objects.get()
    phone = Client()
    phone.post(reverse("portal:enter", args=[secret]), {"birth_date": str(BORN)})
    assert phone.get(reverse("portal:home")).status_code == 200
    shown = client.get(reverse("consent:hand_over", args=[person.public_id])).content.decode()
    assert "Ana Duarte" in shown and "last used" in shown
    about = client.get(reverse("people:person", args=[person.public_id])).content.decode()
    assert reverse("consent:hand_over", args=[person.public_id]) in about
    url = reverse("consent:end_key", args=[person.public_id, key.public_id])
    client.post(url)
    assert phone.get(reverse("portal:home")).status_code == 302  # signed out at once
    assert phone.post(reverse("portal:enter", args=[secret]), {"birth_date": str(BORN)}).status_code == 422
    assert Entry.objects.get(action="access.end_portal_key").person == person.public_id
    assert (
        "works now" not in client.get(reverse("consent:hand_over", args=[person.public_id])).content.decode()
    )
    client.post(url)
    assert Entry.objects.filter(action="access.end_portal_key").count() == 1


def test_a_guardians_link_is_ended_in_the_childs_chart_and_a_strangers_is_not(person: Person) -> None:
    mother, stranger = make_person(), make_person()
    add_relationship(actor=SETUP, person=person, relative=mother, kind="parent", is_guardian=True)
    staff, client = make_treating(person), Client()
    assert staff.user
    client.force_login(staff.user)
    for reader, status in ((mother, 302), (stranger, 404)):
        _secret, key = key_of(reader)
        url = reverse("consent:end_key", args=[person.public_id, key.public_id])
        assert client.post(url).status_code == status
    assert [one.key.person for one in live_keys([mother, stranger])] == [stranger]
