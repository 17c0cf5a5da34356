"""Whose role is for one site reaches nothing of another: every view with ids of there, read and sent.

That nothing before the views shows more is tried in test_access.py. The addresses, and ids that exist, come from the
walk over all addresses (access_walk.py, access_samples.py).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import make_program
from dayward.foundation.access import guard
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.kernel import permissions as kernel
from tests import access_walk as walk
from tests.access_samples import SAMPLES

NAME = "Farawayperson"
ROLES = os.environ.get("DAYWARD_ROLES", "director therapist").split()
THERE = "Riverbend East"


@pytest.fixture(scope="module")
def ids(module_rows: None) -> dict[str, str]:
    """Of somebody there, and of all there is about them; made once for this file."""
    far = make_person(site=make_site(THERE), legal_family=NAME)
    found = {"person": far.public_id}
    for sample in SAMPLES:
        found |= sample(far, make_staff_with("therapist"))
    return found


def client_of(role: str, site: str, *programs: str) -> Client:
    """Somebody whose one role is for this site, or for these programs of it."""
    here = make_site(site)
    staff, client = make_staff_with(site=here), Client(raise_request_exception=False)
    access.grant_role(actor=SETUP, staff=staff, role=role, site=here, programs=programs, starts_on=STARTED)
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_site(role: str, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reached(client_of(role, "Riverbend South"), ids, monkeypatch)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES[:1])
def test_a_person_of_another_site_is_answered_as_one_who_is_nowhere(
    role: str, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries ids of charts learns nothing by the answer."""
    reader = reader_of(client_of(role, "Riverbend South"), monkeypatch)
    none = {**ids, "person": walk.NO_SUCH_ID}
    told = []
    for address in walk.addresses():
        if address.of_a_chart:
            urls = [walk._url(address, each) for each in (ids, none)]
            answers = {walk.answer(reader, "get", url).status_code for url in urls}
            told += [f"{address.name}: {answers}"] * (len(answers) - 1)
    assert told == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES[:1])
def test_nothing_of_another_program(role: str, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = make_program(make_site(THERE), "Elsewhere")
    assert not reached(client_of(role, THERE, elsewhere.public_id), ids, monkeypatch)


@pytest.mark.django_db
def test_the_name_is_there_to_be_seen(ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    reader, chart = (
        reader_of(client_of("director", THERE), monkeypatch),
        reverse("staff:chart", args=[ids["person"]]),
    )
    assert NAME in walk.answer(reader, "get", chart).content.decode()


def reader_of(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A request of theirs as it reaches a view."""
    verdicts = walk.Verdicts()
    monkeypatch.setattr(kernel, "_guard", [verdicts])
    client.get("/")
    # What the pages of refusal show is tried in test_access.py and test_guard.py.
    monkeypatch.setattr(guard, "render", lambda *_args, status, **_more: HttpResponse(status=status))
    return verdicts.request


def reached(client: Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that show the name, and what was changed by sending nothing to them."""
    reader, found = reader_of(client, monkeypatch), []
    for address in walk.addresses():
        if not address.kwargs:
            continue
        url = walk._url(address, ids)
        if NAME in walk.answer(reader, "get", url).content.decode(errors="replace"):
            found.append(f"{address.name}: shown")
        with transaction.atomic():
            before = Entry.objects.filter(kind="change").count()
            walk.answer(reader, "post", url)
            acts = Entry.objects.filter(kind="change").order_by("pk")[before:]
            found += [f"{address.name}: {act.action} ({act.subject_kind})" for act in acts]
            transaction.set_rollback(True)
    return found
