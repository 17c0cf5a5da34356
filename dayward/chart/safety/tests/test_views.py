from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import actor_of
from dayward.chart.safety import queries
from dayward.chart.safety.factories import CALM, ELEVATED, PLAN, signed_plan, signed_statement
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_treating
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import Person, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def staff(person: Person) -> StaffMember:
    return make_treating(person, credential="social_worker")


@pytest.fixture
def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def page(name: str, person: Person) -> str:
    return reverse(f"safety:{name}", args=[person.public_id])


def test_opening_the_form_writes_nothing(signed_in: Client, person: Person) -> None:
    response = signed_in.get(page("statement", person))
    assert response.status_code == 200
    assert not RiskStatement.objects.exists()
    assert b"988" in response.content and b"911" in response.content  # there the moment the level is chosen


def test_typing_saves_a_draft_that_another_day_goes_on_from(signed_in: Client, person: Person) -> None:
    typed = {"suicide": "Half a sentence", "base_suicide": fingerprint("")}
    response = signed_in.post(page("save_statement", person), typed, headers={"HX-Request": "true"})
    assert response.status_code == 200 and fingerprint("Half a sentence").encode() in response.content
    assert b"Half a sentence" in signed_in.get(page("statement", person)).content


def test_signing_a_positive_statement_leads_to_the_plan(
    signed_in: Client, person: Person, staff: StaffMember
) -> None:
    response = signed_in.post(page("statement", person), {**ELEVATED, "typed_name": staff.name})
    assert response.status_code == 302 and response["Location"] == page("plan", person)
    response = signed_in.post(page("statement", person), {**CALM, "typed_name": staff.name})
    assert response["Location"] == page("chart", person)


def test_a_refused_signature_keeps_what_was_typed(signed_in: Client, person: Person) -> None:
    response = signed_in.post(page("statement", person), {**ELEVATED, "typed_name": "Nobody"})
    assert response.status_code == 422
    assert ELEVATED["suicide"].encode() in response.content and b"Type your own name" in response.content


def test_two_writers_see_both_texts(signed_in: Client, person: Person, staff: StaffMember) -> None:
    signed_in.post(page("save_statement", person), {"suicide": "theirs", "base_suicide": fingerprint("")})
    late = {"suicide": "mine", "base_suicide": fingerprint(""), "act": "save"}
    response = signed_in.post(page("statement", person), late)
    assert response.status_code == 422
    assert b"theirs" in response.content and b"mine" in response.content
    draft = queries.draft(RiskStatement, person)
    assert draft is not None and draft.suicide == "theirs"


def test_the_plan_is_signed_printed_and_on_the_chart(
    signed_in: Client, person: Person, staff: StaffMember
) -> None:
    assert signed_in.get(page("print", person)).status_code == 404
    form = {**PLAN, "typed_name": staff.name, "copy_given": "on", "review_on": "2026-12-01"}
    assert signed_in.post(page("plan", person), form).status_code == 302
    plan = SafetyPlan.objects.get()
    assert plan.is_signed and plan.copy_given
    printed = signed_in.get(page("print", person)).content
    assert PLAN["own_steps"].encode() in printed and b"988" in printed
    assert PLAN["own_steps"].encode() in signed_in.get(page("chart", person)).content


def test_a_signed_paper_is_read_word_for_word_and_can_be_marked(
    signed_in: Client, person: Person, staff: StaffMember
) -> None:
    statement = signed_statement(actor=actor_of(staff), person=person, texts=ELEVATED)
    paper = reverse("safety:paper", args=[person.public_id, "risk", statement.public_id])
    assert statement.signature is not None
    assert statement.signature.sha256.encode() in signed_in.get(paper).content
    wrong = reverse("safety:enter_in_error", args=[person.public_id, "risk", statement.public_id])
    signed_in.post(wrong, {"reason": "Wrong chart"})
    assert b"Wrong chart" in signed_in.get(paper).content
    assert signed_in.get(reverse("safety:paper", args=[person.public_id, "letter", "x"])).status_code == 404


def test_another_persons_paper_is_not_found_here(
    signed_in: Client, person: Person, staff: StaffMember
) -> None:
    other = make_person()
    plan = signed_plan(actor=actor_of(staff), person=other)
    assert (
        signed_in.get(reverse("safety:paper", args=[person.public_id, "plan", plan.public_id])).status_code
        == 404
    )


def test_instruments_are_recorded_and_refused(signed_in: Client, person: Person) -> None:
    row = {"name": "c_ssrs", "done_on": "2026-11-02", "rater": "P. Raman", "result": "No ideation"}
    assert signed_in.post(page("instruments", person), row).status_code == 302
    assert b"No ideation" in signed_in.get(page("instruments", person)).content
    assert signed_in.post(page("instruments", person), row | {"done_on": "2999-01-01"}).status_code == 422
