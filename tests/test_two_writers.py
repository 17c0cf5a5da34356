"""Two people correct one row: the second sees what the first saved, and both texts are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.services import load_library
from dayward.care.journey.factories import make_track
from dayward.care.schedule.factories import make_group, make_room
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Organization
from dayward.foundation.people import services as people
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import ContactPoint
from tests import access_walk

TOLD = "Somebody else changed this meanwhile."

#: These carry the version of their row.
VERSIONED = {
    "coverage:edit",
    "journey:edit",
    "notes:edit",
    "people:edit",
    "plans:edit",
    "schedule:edit_series",
    "schedule:edit_session",
}
#: A number with its day, which is not corrected but followed by another; a name that only its owner gives.
NOT_CORRECTED = {"schedule:edit_limit", "mfa_edit_webauthn"}


class Stands(NamedTuple):
    """Where the form stands, who corrects it, what the first says of a field and what the second."""

    make: Callable[[], tuple[Model, list[str]]]
    role: str
    field: str
    first: Any
    second: Any


def contact() -> tuple[Model, list[str]]:
    person = make_person()
    point = people.add_contact_point(
        actor=SETUP, person=person, kind="mobile", value="512 555 0147", may_text=True
    )
    return point, [person.public_id, point.public_id]


def named(make: Callable[[], Any]) -> Callable[[], tuple[Model, list[str]]]:
    def made() -> tuple[Model, list[str]]:
        row = make()
        return row, [row.public_id]

    return made


def kind() -> ServiceKind:
    load_library()
    return ServiceKind.objects.earliest("pk")


FORMS = {
    "access:edit_staff": Stands(
        named(lambda: make_staff_with("biller")), "administrator", "title", "LPC", "LCSW"
    ),
    "catalog:edit_kind": Stands(named(kind), "administrator", "name", "Groups", "Circle"),
    "catalog:edit_program": Stands(
        named(lambda: make_track().program), "administrator", "name", "Days", "Mornings"
    ),
    "catalog:edit_room": Stands(named(make_room), "administrator", "seats", "8", "9"),
    "catalog:edit_track": Stands(named(make_track), "administrator", "cap", "8", "9"),
    "people:edit_contact": Stands(contact, "director", "note", "Her partner reads it", "Only mornings"),
    "schedule:edit_group": Stands(named(make_group), "director", "topic", "Sleep", "Anger"),
    "organization:names": Stands(
        lambda: (Organization.objects.get(), []), "administrator", "name", "Harbor", "Northside"
    ),
}


def browser(role: str) -> Client:
    client, staff = Client(), make_staff_with(role)
    assert staff.user
    client.force_login(staff.user)
    return client


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form of the page would send as it stands."""
    answer = client.get(address)
    assert answer.status_code == 200
    return as_it_stands(answer.content)


def as_it_stands(content: bytes) -> dict[str, Any]:
    page: html.HtmlElement = html.document_fromstring(content)
    (form,) = [each for each in page.forms if "seen" in each.fields]
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_what_the_first_saved_is_not_overwritten_unseen(name: str) -> None:
    make_site()
    stands = FORMS[name]
    row, parts = stands.make()
    address = reverse(name, args=parts)
    one, other = browser(stands.role), browser(stands.role)
    first, second = opened(one, address), opened(other, address)
    assert one.post(address, {**first, stands.field: stands.first}).status_code == 302
    answer = other.post(address, {**second, stands.field: stands.second})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert TOLD in page and page.count(str(stands.second)) >= 2  # in the form, and beside the other
    assert f'<p class="dw-pre">{stands.first}</p>' in page
    row.refresh_from_db()
    assert str(getattr(row, stands.field)) == stands.first
    sent = as_it_stands(answer.content)
    assert sent[stands.field] == [stands.second], "what was typed is still in the form"
    assert other.post(address, sent).status_code == 302, "seen, it may be saved"
    row.refresh_from_db()
    assert str(getattr(row, stands.field)) == stands.second


@pytest.mark.django_db
def test_a_number_that_became_unsafe_stays_unsafe() -> None:
    """The partner reads the phone: one unticks the box, the other corrects the note on a page opened before."""
    make_site()
    point, parts = contact()
    address = reverse("people:edit_contact", args=parts)
    one, other = browser("director"), browser("director")
    first, second = opened(one, address), opened(other, address)
    del first["may_text"]
    one.post(address, first)
    answer = other.post(address, {**second, "note": "Only mornings"})
    assert TOLD in answer.content.decode()
    assert not ContactPoint.objects.get(pk=point.pk).may_text


@pytest.mark.django_db
def test_the_same_said_twice_is_no_conflict() -> None:
    make_site()
    _point, parts = contact()
    address = reverse("people:edit_contact", args=parts)
    one, other = browser("director"), browser("director")
    first, second = opened(one, address), opened(other, address)
    assert one.post(address, {**first, "note": "Only mornings"}).status_code == 302
    assert other.post(address, {**second, "note": "Only mornings"}).status_code == 302


def test_every_page_that_corrects_a_row_is_here() -> None:
    patterns = access_walk._walk(get_resolver().url_patterns, ())
    names = {access_walk._address(pattern, spaces).name for pattern, spaces in patterns}
    correcting = {name for name in names if "edit" in name.rpartition(":")[2]}
    assert correcting - set(FORMS) - VERSIONED - NOT_CORRECTED == set()
