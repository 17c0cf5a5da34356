"""The safety plan as its person reads it, and the copy that their own phone keeps when they ask for it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import actor_of
from dayward.chart.safety.factories import PLAN, signed_plan
from dayward.chart.safety.models import SafetyPlan
from dayward.chart.safety.services import enter_in_error
from dayward.doors.portal.sessions import METHOD
from dayward.doors.portal.tests.test_views import signed_in
from dayward.foundation.access.factories import make_treating
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(birth_date=date(1991, 4, 2))


@pytest.fixture
def plan(person: Person) -> SafetyPlan:
    return signed_plan(actor=actor_of(make_treating(person, credential="social_worker")), person=person)


def page(client: Client, name: str) -> tuple[int, str]:
    answer = client.get(reverse(f"portal:{name}"))
    return answer.status_code, answer.content.decode()


def test_a_person_reads_their_plan(person: Person, plan: SafetyPlan) -> None:
    status, text = page(signed_in(person), "safety")
    assert status == 200
    assert all(words.split(";")[0] in text for words in PLAN.values())
    assert "Keep it on this phone" in text


def test_without_a_plan_the_page_says_how_there_will_be_one(person: Person) -> None:
    client = signed_in(person)
    assert "You make one together with your therapist" in page(client, "safety")[1]
    assert page(client, "kept_safety")[0] == 404
    assert client.post(reverse("portal:keep_safety")).status_code == 404


def test_the_sheet_for_the_phone_has_nothing_of_the_session(person: Person, plan: SafetyPlan) -> None:
    status, text = page(signed_in(person), "kept_safety")
    assert status == 200
    assert PLAN["own_steps"] in text
    assert person.legal_family not in text
    assert person.public_id not in text
    assert not [word for word in ("csrf", "data-still", "sign-out", "/my/out/") if word in text]


def test_another_version_of_ones_own_is_known_from_anothers(person: Person, plan: SafetyPlan) -> None:
    """The phone replaces the one and drops the other."""
    other = make_person(birth_date=date(1991, 4, 2))
    signed_plan(actor=actor_of(make_treating(other, credential="social_worker")), person=other)
    sheets = [page(signed_in(each), "kept_safety")[1] for each in (person, person, other)]
    marks = [sheet.split('data-plan-of="')[1].split('"')[0] for sheet in sheets]
    assert marks[0] == marks[1] != marks[2]


def test_keeping_it_is_the_persons_word_and_is_noted(person: Person, plan: SafetyPlan) -> None:
    assert signed_in(person).post(reverse("portal:keep_safety")).status_code == 302
    entry = Entry.objects.get(action="safety.keep_own_copy")
    assert (entry.actor_kind, entry.person, entry.subject) == ("person", person.public_id, plan.public_id)


def test_the_clinics_tablet_keeps_nothing(person: Person, plan: SafetyPlan) -> None:
    client = signed_in(person)
    session = client.session
    session[METHOD] = "tablet"
    session.save()
    assert "Keep it on this phone" not in page(client, "safety")[1]
    assert page(client, "kept_safety")[0] == 404


def test_a_plan_entered_in_error_is_gone(person: Person, plan: SafetyPlan) -> None:
    assert plan.signature is not None
    writer = plan.signature.staff
    assert writer is not None
    enter_in_error(actor=actor_of(writer), paper=plan, reason="Another person's")
    client = signed_in(person)
    assert PLAN["own_steps"] not in page(client, "safety")[1]
    assert page(client, "kept_safety")[0] == 404
