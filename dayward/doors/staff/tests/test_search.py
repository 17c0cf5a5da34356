"""Search and the palette name people of one's own sites only, whatever the role."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from dayward.foundation.access import services
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.tests.test_guard import as_staff
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, STARTED, make_person
from dayward.foundation.people.models import StaffMember

pytestmark = pytest.mark.django_db

FINDING = sorted(key for key, role in ROLES.items() if "people.find" in role.permissions)
ASKED = ("Okafor", "okafr", "4/12/1991")


def of_site(role: str, name: str) -> StaffMember:
    site = make_site(name)
    staff = make_staff_with(site=site)
    services.grant_role(actor=SETUP, staff=staff, role=role, site=site, starts_on=STARTED)
    return staff


@pytest.mark.parametrize("role", FINDING)
def test_search_and_palette_are_of_ones_own_sites(role: str) -> None:
    for site, given in (("Riverbend South", "Nearby"), ("Riverbend East", "Faraway")):
        make_person(
            site=make_site(site), legal_given=given, legal_family="Okafor", birth_date=date(1991, 4, 12)
        )
    client = as_staff(of_site(role, "Riverbend South"))
    for text in ASKED:
        for name in ("staff:search", "staff:palette"):
            shown = client.post(reverse(name), {"q": text}, follow=True).content.decode()
            assert "Nearby" in shown, (text, name)
            assert "Faraway" not in shown, (text, name)


@pytest.mark.parametrize("role", sorted(set(ROLES) - set(FINDING)))
def test_who_may_find_nobody_finds_nobody(role: str) -> None:
    make_person(legal_given="Nearby", legal_family="Okafor")
    client = as_staff(make_staff_with(role))
    assert client.post(reverse("staff:search"), {"q": "Okafor"}).status_code == 403
    assert "Nearby" not in client.post(reverse("staff:palette"), {"q": "Okafor"}).content.decode()


def test_a_role_that_has_ended_at_a_site_finds_nobody_there() -> None:
    """Two sites, one of them until last year."""
    staff = of_site("intake", "Riverbend South")
    there = make_site("Riverbend East")
    services.grant_role(
        actor=SETUP, staff=staff, role="intake", site=there, starts_on=STARTED, ends_on=date(2025, 1, 1)
    )
    make_person(site=there, legal_given="Faraway", legal_family="Okafor")
    shown = as_staff(staff).post(reverse("staff:search"), {"q": "Okafor"}, follow=True).content.decode()
    assert "Faraway" not in shown
