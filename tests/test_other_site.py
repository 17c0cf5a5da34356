"""Whose role is for one site reaches nothing of another: every address with ids of there, read and sent.

The addresses, and ids that exist, come from the walk over all addresses (access_walk.py, access_samples.py).
"""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from dayward.foundation.access import guard
from dayward.foundation.access import services as access
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.foundation.people.models import StaffMember
from tests import access_walk as walk
from tests.access_samples import SAMPLES

NAME = "Farawayperson"
ROLES = os.environ.get("DAYWARD_ROLES", "director therapist").split()


def of_one_site(role: str, name: str) -> StaffMember:
    site = make_site(name)
    staff = make_staff_with(site=site)
    access.grant_role(actor=SETUP, staff=staff, role=role, site=site, starts_on=STARTED)
    return staff


def client_of_the_other_site() -> Client:
    """That the name is there to be seen."""
    client, staff = Client(), of_one_site("director", "Riverbend East")
    assert staff.user
    client.force_login(staff.user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_site(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    far = make_person(site=make_site("Riverbend East"), legal_family=NAME)
    values = {"person": far.public_id}
    for sample in SAMPLES:
        values |= sample(far, make_staff_with("therapist"))
    staff = of_one_site(role, "Riverbend South")
    assert staff.user
    client = Client(raise_request_exception=False)
    client.force_login(staff.user)
    client.get("/")
    assert NAME in client_of_the_other_site().get(f"/charts/{far.public_id}/").content.decode()
    # What the pages of refusal show is tried in test_access.py and test_guard.py.
    monkeypatch.setattr(guard, "render", lambda *_args, status, **_more: HttpResponse(status=status))
    wrong = []
    for address in walk.addresses():
        if not address.kwargs:
            continue
        url = walk._url(address, values)
        if NAME in client.get(url).content.decode(errors="replace"):
            wrong.append(f"{address.name}: shown")
        with transaction.atomic():
            before = Entry.objects.filter(actor=staff.user.public_id, kind="change").count()
            answer = client.post(url)
            acts = Entry.objects.filter(actor=staff.user.public_id, kind="change").order_by("pk")[before:]
            wrong += [f"{address.name}: {act.action} ({act.subject_kind})" for act in acts]
            if answer.status_code == 500:
                wrong.append(f"{address.name}: broke")
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
