"""Who pays, as told and as verified."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.revenue.coverage import queries, services
from dayward.revenue.coverage.models import Coverage, Payer

pytestmark = pytest.mark.django_db


def make_coverage(person: Person | None = None, payer: str = "Example Health", **fields: Any) -> Coverage:
    found = services.find_or_add_payer(actor=SETUP, name=payer)
    return services.add_coverage(actor=SETUP, person=person or make_person(), payer=found, **fields)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tricare  east", "tricare"), ("Medicare", "medicare"), ("Lakeside Plan", "commercial")],
)
def test_a_known_payer_brings_its_kind(name: str, kind: str) -> None:
    payer = services.find_or_add_payer(actor=SETUP, name=name)
    assert payer.kind == kind
    assert services.find_or_add_payer(actor=SETUP, name=name.upper()) == payer
    assert Payer.objects.count() == 1


def test_what_kind_a_payer_is_can_be_said_and_corrected_by_who_keeps_payers() -> None:
    administrator, web = make_staff_with("administrator"), Client()
    assert administrator.user
    web.force_login(administrator.user)
    web.post(reverse("coverage:payers"), {"name": "Badger Care", "kind": "commercial"})
    payer = Payer.objects.get(name="Badger Care")
    for kind in ("medicaid", "nonsense"):
        web.post(reverse("coverage:set_kind", args=[payer.public_id]), {"kind": kind})
    payer.refresh_from_db()
    assert payer.kind == "medicaid"
    told = Entry.objects.get(action="coverage.set_payer_kind", kind="change").detail
    assert (told["before"], told["now"]) == ("commercial", "medicaid")


def test_the_library_holds_names_and_sources_only() -> None:
    for payer in queries.library():
        assert payer.kind in Payer.Kind.values
        assert payer.source


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"authorization_needed": True}, "member number"),
        ({"member_id": "EX1"}, "authorization"),
    ],
)
def test_nothing_is_verified_half(fields: dict[str, Any], word: str) -> None:
    with pytest.raises(Refused, match=word):
        services.verify_coverage(actor=SETUP, coverage=make_coverage(**fields))


def test_self_pay_needs_no_number() -> None:
    verified = services.verify_coverage(actor=SETUP, coverage=make_coverage(payer="Self-pay"))
    assert verified.verified_by == SETUP.id


@pytest.mark.parametrize(("change", "stays"), [({"note": "Called"}, True), ({"member_id": "EX2"}, False)])
def test_another_number_is_verified_again(change: dict[str, Any], stays: bool) -> None:
    coverage = make_coverage(member_id="EX1", authorization_needed=False)
    services.verify_coverage(actor=SETUP, coverage=coverage)
    changed = services.update_coverage(
        actor=SETUP, coverage=coverage, payer=coverage.payer, version=1, **change
    )
    assert (changed.verified_at is not None) is stays


def test_days_in_order() -> None:
    with pytest.raises(Refused, match="before the first"):
        make_coverage(starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 3))
    coverage = make_coverage(starts_on=date(2026, 3, 4))
    with pytest.raises(Refused, match="before the first"):
        services.end_coverage(actor=SETUP, coverage=coverage, on=date(2026, 3, 3))
    services.end_coverage(actor=SETUP, coverage=coverage, on=date(2026, 3, 4))
    assert alone(queries.read_current(coverage.person, date(2026, 3, 4))) == [coverage]
    assert alone(queries.read_current(coverage.person, date(2026, 3, 5))) == []


def test_the_pages() -> None:
    person = make_person()
    user = make_treating(person, "intake").user
    assert user is not None
    client = Client()
    client.force_login(user)
    fields = {"payer": "Medicare", "member_id": "EX-77", "authorization_needed": "no", "estimate_given": "on"}
    assert client.post(reverse("coverage:add", args=[person.public_id]), fields).status_code == 302
    coverage = Coverage.objects.get()
    assert (coverage.authorization_needed, coverage.estimate_given) == (False, True)
    names = [person.public_id, coverage.public_id]
    client.post(reverse("coverage:verify", args=names))
    page = client.get(reverse("coverage:list", args=[person.public_id])).content.decode()
    assert "EX-77" in page
    assert "Verified" in page
    edited = client.post(reverse("coverage:edit", args=names), fields | {"payer": ""})
    assert edited.status_code == 422
    assert (
        client.get(reverse("coverage:edit", args=names)).context["form"]["authorization_needed"].value()
        == "no"
    )
