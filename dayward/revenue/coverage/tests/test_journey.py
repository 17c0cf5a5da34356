"""What coverage hears of referrals, and proves for the machine of the journey."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.journey.factories import make_actor, make_case, screened
from dayward.care.journey.models import IntakeCase
from dayward.care.referrals.events import ReferralAccepted
from dayward.care.referrals.factories import make_referral
from dayward.care.referrals.packet import Coverage as Told
from dayward.foundation.access.factories import make_treating
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.kernel.events import publish
from dayward.revenue.coverage import services
from dayward.revenue.coverage.evidence import benefits_verified
from dayward.revenue.coverage.models import Coverage
from dayward.revenue.coverage.queries import coverages_of
from dayward.revenue.coverage.rules.paying import pays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("Example Health", "active", True),
        ("Example Health", "completed", True),  # what C-CDA writes on every policy
        ("Example Health", "cancelled", False),
        ("Example Health", "entered-in-error", False),
        ("NO_INSURANCE", "active", False),
        (" ", "", False),
    ],
)
def test_whether_a_document_says_that_somebody_pays(name: str, status: str, said: bool) -> None:
    assert pays(name, status) is said


def accepted(person: Person, *told: Told) -> list[tuple[str, str, bool]]:
    packet = replace(make_referral(site=person.site).understood(), coverage=told)
    publish(ReferralAccepted(0, person.pk, 0, packet, SETUP))
    rows = coverages_of(person).order_by("id")
    return [(row.payer.name, row.member_id, row.verified_at is None) for row in rows]


def test_the_payer_of_a_referral_is_written_down_as_told() -> None:
    person = make_person()
    told = Told("Lakeside  Plan", "LP-4471", "Silver", status="active")
    found = accepted(person, told, told, Told("medicare", "", status="active"), Told("NO_INSURANCE"))
    assert found == [("Lakeside Plan", "LP-4471", True), ("Medicare", "", True)]
    assert Coverage.objects.get(member_id="LP-4471").plan_name == "Silver"
    assert accepted(person, told) == found  # a second document adds what is new, and nothing twice


def test_a_very_long_name_is_cut_and_not_refused() -> None:
    assert len(accepted(make_person(), Told("Plan " * 60, "9" * 200))) == 1


def waiting_case() -> IntakeCase:
    actor = make_actor()
    return screened(make_case(actor=actor), actor=actor)


def told_for(person: Person, **more: date) -> Coverage:
    payer = services.find_or_add_payer(actor=SETUP, name="Example Health")
    fields = {"member_id": "EX1", "authorization_needed": True, **more}
    return services.add_coverage(actor=SETUP, person=person, payer=payer, **fields)


def test_benefits_are_proven_by_a_verified_coverage_in_force() -> None:
    case = waiting_case()
    evidence = benefits_verified(kind="case", id=case.pk)
    assert (evidence.present, "not written down" in evidence.sentence) == (False, True)
    coverage = told_for(case.person)
    evidence = benefits_verified(kind="case", id=case.pk)
    assert (evidence.present, "Example Health" in evidence.sentence) == (False, True)
    services.verify_coverage(actor=SETUP, coverage=coverage)
    assert benefits_verified(kind="case", id=case.pk).present
    services.end_coverage(actor=SETUP, coverage=coverage, on=timezone.now().date() - timedelta(days=2))
    assert not benefits_verified(kind="case", id=case.pk).present


def state_after(case: IntakeCase, url: str, *roles: str) -> str:
    staff, client = make_treating(case.person, *roles), Client()
    assert staff.user
    client.force_login(staff.user)
    client.post(url)
    return IntakeCase.objects.get(pk=case.pk).state


@pytest.mark.parametrize(("role", "state"), [("intake", "benefits"), ("case_manager", "screened")])
def test_verifying_records_the_benefits_of_whoever_takes_people_in(role: str, state: str) -> None:
    case = waiting_case()
    coverage = told_for(case.person)
    url = reverse("coverage:verify", args=[case.person.public_id, coverage.public_id])
    assert state_after(case, url, role) == state
    assert Coverage.objects.get().verified_at


def test_what_was_verified_before_is_recorded_by_one_click_from_the_case() -> None:
    case = waiting_case()
    staff, client = make_treating(case.person, "intake"), Client()
    assert staff.user
    client.force_login(staff.user)
    page = client.get(reverse("journey:case", args=[case.person.public_id, case.public_id])).content.decode()
    address = reverse("coverage:list", args=[case.person.public_id])
    assert f'href="{address}"' in page
    url = reverse("coverage:benefits", args=[case.person.public_id])
    client.post(url)
    assert IntakeCase.objects.get(pk=case.pk).state == "screened"  # nothing is verified
    coverage = told_for(case.person)
    services.verify_coverage(actor=SETUP, coverage=coverage)
    assert url in client.get(address).content.decode()
    client.post(url)
    assert IntakeCase.objects.get(pk=case.pk).state == "benefits"
    assert url not in client.get(address).content.decode()
