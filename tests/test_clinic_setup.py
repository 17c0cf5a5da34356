from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.catalog import services as catalog
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.models import Entry
from dayward.foundation.organization import services
from dayward.foundation.organization.factories import make_organization, make_site
from dayward.foundation.organization.forms import SiteForm
from dayward.foundation.organization.models import Organization, Site
from dayward.foundation.people.factories import SETUP
from dayward.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def test_there_is_one_clinic() -> None:
    services.set_up_organization(actor=SETUP, name=" Riverbend Day Program ")
    assert Organization.objects.get().neutral_name == "Riverbend Day Program"
    with pytest.raises(Refused, match="already"):
        services.set_up_organization(actor=SETUP, name="Another")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"time_zone": "Chicago"}, "not a time zone"), ({"name": "Riverbend North"}, "of that name")],
)
def test_what_a_site_must_have(fields: dict[str, str], sentence: str) -> None:
    make_site()
    told = {"name": "New", "time_zone": "America/Chicago", "state": "il", **fields}
    with pytest.raises(Refused, match=sentence):
        services.open_site(actor=SETUP, organization=make_organization(), **told)


def test_a_site_is_set_up_in_the_browser() -> None:

    make_site()
    staff = make_staff_with("administrator", started_on=date(2024, 1, 1))
    assert staff.user
    web = Client()
    web.force_login(staff.user)
    told = {"name": "Riverbend West", "time_zone": "America/Denver", "state": "co"}
    web.post(reverse("organization:add_site"), told)
    site = Site.objects.get(name="Riverbend West")
    assert (site.time_zone, site.state) == ("America/Denver", "CO")
    assert Entry.objects.get(action="organization.open_site").site == site
    web.post(
        reverse("organization:site", args=[site.public_id]),
        {"name": "Riverbend West", "state": "CO", "city": "Aurora", "version": 1},
    )
    site.refresh_from_db()
    assert (site.city, site.time_zone) == ("Aurora", "America/Denver")
    assert "Aurora" in web.get(reverse("organization:setup")).content.decode()


def test_a_name_that_is_taken_is_a_sentence_wherever_it_is_typed() -> None:
    site, other = make_site(), make_site("Riverbend South")
    program = catalog.add_program(
        actor=SETUP, site=site, name="Days", stream="mental_health", age_group="adult"
    )
    catalog.add_program(actor=SETUP, site=site, name="Evenings", stream="mental_health", age_group="adult")
    first, _second = [catalog.add_room(actor=SETUP, site=site, name=name, seats=8) for name in ("Oak", "Elm")]
    track, _other = [catalog.add_track(actor=SETUP, program=program, name=name) for name in ("Early", "Late")]
    staff, web = make_staff_with("administrator"), Client()
    assert staff.user
    web.force_login(staff.user)
    told = {
        "stream": "mental_health",
        "part_two": "inside",
        "seats": 8,
        "cap": 8,
        "state": "IL",
        "version": 1,
    }
    for url, name in (
        (reverse("catalog:edit_program", args=[program.public_id]), "evenings"),
        (reverse("catalog:edit_room", args=[first.public_id]), "Elm"),
        (reverse("catalog:edit_track", args=[track.public_id]), "Late"),
        (reverse("organization:site", args=[other.public_id]), site.name),
    ):
        page = web.post(url, {**told, "name": name}).content.decode()
        assert "already" in page, url


@pytest.mark.parametrize("state", ["m1", "M", "Minn"])
def test_a_state_is_two_letters(state: str) -> None:
    form = SiteForm({"name": "North", "state": state})
    assert "state" in form.errors
    assert SiteForm({"name": "North", "state": "mn"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("6125550100", "612-555-0100"),
        ("+1 (612) 555 0100", "612-555-0100"),
        ("612-555-0100 ext. 4", "612-555-0100 ext. 4"),
        ("", ""),
    ],
)
def test_the_phone_of_a_site_is_kept_as_it_is_read(typed: str, kept: str) -> None:
    form = SiteForm({"name": "North", "state": "MN", "phone": typed})
    assert (form.is_valid(), form.cleaned_data["phone"]) == (True, kept)
