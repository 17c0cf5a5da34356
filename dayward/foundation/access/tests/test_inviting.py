"""Somebody new is invited: what they may, what they sign as, and a link that can be renewed and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.access.queries import directory, works_here
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.factories import SETUP
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def told(**changes: Any) -> dict[str, Any]:
    return {
        "given": "Nia",
        "family": "Newhall",
        "email": "nia@clinic.example",
        "sites": [str(make_site().pk)],
        "roles": ["therapist", "facilitator"],
        "kind": "social_worker",
        "license_number": "T-1",
        "license_state": "IL",
        "expires_on": "2030-01-31",
        **changes,
    }


def keeper(site: Site | None = None) -> Client:
    """Who keeps the staff: everywhere, or at one site."""
    staff, web = make_staff_with(), Client()
    services.grant_role(actor=SETUP, staff=staff, role="administrator", site=site)
    assert staff.user
    web.force_login(staff.user)
    return web


def state_of(staff: StaffMember) -> str:
    return next(row.sign_in.state for row in directory(works_here()) if row.staff == staff)


def test_one_page_writes_down_all_that_somebody_needs_to_begin() -> None:
    answer = keeper().post(reverse("access:invite"), told())
    nia = StaffMember.objects.get(family="Newhall")
    assert "/access/set-password/" in answer.content.decode()
    assert sorted(nia.roles.values_list("role", "site__name")) == [
        ("facilitator", make_site().name),
        ("therapist", make_site().name),
    ]
    assert nia.credentials.get().expires_on == date(2030, 1, 31)
    assert state_of(nia) == "waiting"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expires_on": ""}, "nothing can be signed with it"),
        ({"email": "nobody"}, "valid email"),
        ({"sites": []}, "required"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_written_down(changes: dict[str, Any], sentence: str) -> None:
    answer = keeper().post(reverse("access:invite"), told(**changes))
    assert sentence in answer.content.decode()
    assert not StaffMember.objects.filter(family="Newhall").exists()


def test_an_address_that_is_taken_leaves_nothing_behind() -> None:
    web = keeper()
    web.post(reverse("access:invite"), told())
    web.post(reverse("access:invite"), told(given="Nora"))
    assert StaffMember.objects.filter(family="Newhall").count() == 1
    assert RoleAssignment.objects.filter(role="therapist").count() == 1


def test_a_link_is_taken_back_renewed_and_runs_out() -> None:
    made = services.invite(
        actor=SETUP, given="Nia", family="Newhall", email="n@clinic.example", sites=[make_site()], roles=[]
    )
    services.end_sign_in_link(actor=SETUP, staff=made.staff)
    assert services.sign_in_link(made.secret) is None
    assert state_of(made.staff) == "lapsed"
    with pytest.raises(Refused, match="no link"):
        services.end_sign_in_link(actor=SETUP, staff=made.staff)
    secret = services.make_sign_in_link(actor=SETUP, staff=made.staff)
    assert services.sign_in_link(secret) is not None
    assert services.sign_in_link(secret, timezone.now() + timedelta(days=4)) is None


def test_who_keeps_one_site_invites_nobody_everywhere() -> None:
    web = keeper(site=make_site())
    answer = web.post(reverse("access:invite"), told(everywhere="on"))
    assert "some sites only" in answer.content.decode()
    assert not StaffMember.objects.filter(family="Newhall").exists()
