from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dayward.care.journey.factories import actor_of, assessment_booked, make_case, screened
from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import queries
from dayward.chart.assessments.factories import (
    signed_assessment,
    signed_level,
    written_assessment,
    written_level,
)
from dayward.chart.assessments.models import Assessment, LevelOfCare
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with, make_treating
from dayward.foundation.people.factories import make_person
from dayward.foundation.people.models import StaffMember
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> IntakeCase:
    intake = actor_of(make_staff_with("intake"))
    return assessment_booked(screened(make_case(actor=intake), actor=intake), actor=intake)


@pytest.fixture
def staff(case: IntakeCase) -> StaffMember:
    return make_treating(case.person, credential="psychologist")


@pytest.fixture
def signed_in(client: Client, staff: StaffMember) -> Client:
    assert staff.user is not None
    client.force_login(staff.user)
    return client


def page(name: str, case: IntakeCase, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[case.person.public_id, *more])


def test_opening_shows_what_it_begins_with_and_writes_nothing(signed_in: Client, case: IntakeCase) -> None:
    response = signed_in.get(page("open", case))
    assert response.status_code == 200 and b"Screening of" in response.content
    assert not Assessment.objects.exists()
    begun = signed_in.post(page("open", case))
    draft = Assessment.objects.get()
    assert begun["Location"] == page("story", case, draft.public_id)
    assert signed_in.get(page("open", case))["Location"] == page("story", case, draft.public_id)


def test_without_a_way_in_the_page_says_so(client: Client) -> None:
    person = make_person()
    staff = make_treating(person)
    assert staff.user is not None
    client.force_login(staff.user)
    response = client.get(reverse("assessments:open", args=[person.public_id]))
    assert response.status_code == 200 and b"No way in is under way" in response.content
    assert client.get(reverse("assessments:level", args=[person.public_id])).status_code == 404


def test_the_story_saves_itself_and_shows_both_texts_of_two_writers(
    signed_in: Client, case: IntakeCase, staff: StaffMember
) -> None:
    signed_in.post(page("open", case))
    draft = Assessment.objects.get()
    empty = fingerprint("")
    saved = signed_in.post(page("save", case, draft.public_id), {"legal": "theirs", "base_legal": empty})
    assert saved.status_code == 200 and fingerprint("theirs").encode() in saved.content
    late = {"legal": "mine", "base_legal": empty, "act": "next"}
    both = signed_in.post(page("story", case, draft.public_id), late)
    assert both.status_code == 422 and b"theirs" in both.content and b"mine" in both.content
    seen = {"legal": "mine and theirs", "base_legal": fingerprint("theirs"), "act": "next"}
    assert signed_in.post(page("story", case, draft.public_id), seen)["Location"] == page(
        "lists", case, draft.public_id
    )
    draft.refresh_from_db()
    assert draft.sections["legal"] == "mine and theirs"


def test_the_lists_work_without_script(signed_in: Client, case: IntakeCase) -> None:
    signed_in.post(page("open", case))
    draft = Assessment.objects.get()
    key = draft.public_id
    found = signed_in.post(page("lists", case, key), {"q": "recurrent depression moderate"})
    assert b"F33.1" in found.content
    signed_in.post(page("add_diagnosis", case, key), {"code": "F33.1"})
    signed_in.post(page("add_diagnosis", case, key), {"code": "F41.1"})
    second = queries.rows_of(draft).own[1]
    signed_in.post(page("change_row", case, key, "diagnosis", second.public_id), {"act": "primary"})
    assert queries.rows_of(draft).codes == ["F41.1", "F33.1"]
    signed_in.post(page("add_medication", case, key), {"m-text": "Sertraline", "m-taking": "yes"})
    medication = queries.rows_of(draft).medications[0]
    signed_in.post(
        page("change_row", case, key, "medication", medication.public_id), {"act": "ask", "taking": "no"}
    )
    signed_in.post(page("add_allergy", case, key), {"none": "yes"})
    rows = queries.rows_of(draft)
    assert (rows.medications[0].taking, rows.allergies[0].none_known) == ("no", True)
    signed_in.post(page("change_row", case, key, "allergy", rows.allergies[0].public_id), {"act": "remove"})
    assert queries.rows_of(draft).allergies == []
    odd = signed_in.post(
        page("change_row", case, key, "allergy", rows.allergies[0].public_id), {"act": "primary"}
    )
    assert odd.status_code == 404


def test_the_codes_answer_alone_for_the_page_to_put_in(signed_in: Client, case: IntakeCase) -> None:
    signed_in.post(page("open", case))
    draft = Assessment.objects.get()
    part = signed_in.post(page("codes", case, draft.public_id), {"q": "F33"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content and b"F33.1" in part.content
    assert b"Show codes below it" in part.content  # F33 itself is a heading


def test_review_lists_what_is_missing_and_signs_when_nothing_is(
    signed_in: Client, case: IntakeCase, staff: StaffMember
) -> None:
    signed_in.post(page("open", case))
    draft = Assessment.objects.get()
    review = page("review", case, draft.public_id)
    assert b"Still missing" in signed_in.get(review).content
    assert signed_in.post(review, {"typed_name": staff.name}).status_code == 422
    written_assessment(actor=actor_of(staff), case=case)
    assert signed_in.post(review, {"typed_name": "Nobody"}).status_code == 422
    assert signed_in.post(review, {"typed_name": staff.name.upper()}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_signed
    assert signed_in.get(page("story", case, draft.public_id))["Location"] == review
    amended = signed_in.post(page("amend", case, draft.public_id), {"reason": "New records"})
    assert "/a/" in amended["Location"] and draft.public_id not in amended["Location"]


def test_the_level_is_rated_saved_and_signed(
    signed_in: Client,
    case: IntakeCase,
    staff: StaffMember,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    assert signed_in.get(page("level", case)).status_code == 200
    assert not LevelOfCare.objects.exists()
    signed_in.post(page("level", case), {"act": "start", "criteria_set": "asam-3"})
    draft = LevelOfCare.objects.get()
    assert draft.criteria_set == "asam-3"
    signed_in.post(page("save_level", case), {"rating_1": "watch", "base_rating_1": fingerprint("")})
    draft.refresh_from_db()
    assert draft.ratings["asam-3"]["1"]["rating"] == "watch"
    with django_assert_max_num_queries(15):
        signed_in.get(page("level", case))
    refused = signed_in.post(page("level", case), {"typed_name": staff.name})
    assert refused.status_code == 422 and b"Give the grounds" in refused.content
    written_level(actor=actor_of(staff), case=case)
    assert signed_in.post(page("level", case), {"typed_name": staff.name})["Location"] == page(
        "level_chart", case
    )
    assert b"Help in the program" in signed_in.get(page("level_chart", case)).content


def test_an_allergy_learned_today_is_added_and_taken_back(signed_in: Client, case: IntakeCase) -> None:
    signed_in.post(page("allergies", case), {"text": "Latex", "reaction": "Rash"})
    assert b"Latex" in signed_in.get(page("allergies", case)).content
    row = queries.allergies_of(case.person).known[0]
    signed_in.post(page("withdraw_allergy", case, row.public_id))
    assert queries.allergies_of(case.person).state == "unknown"


def test_a_signed_paper_that_should_not_be_here_stays_and_counts_no_longer(
    signed_in: Client, case: IntakeCase, staff: StaffMember
) -> None:
    signed = signed_assessment(actor=actor_of(staff), case=case)
    level = signed_level(actor=actor_of(staff), case=case)
    for kind, paper in (("assessment", signed), ("level", level)):
        signed_in.post(page("enter_in_error", case, kind, paper.public_id), {"reason": "Wrong chart"})
    assert alone(queries.read_signed(case)) is None and queries.signed_level(case) is None
    assert b"Wrong chart" in signed_in.get(page("review", case, signed.public_id)).content
    assert b"Wrong chart" in signed_in.get(page("level_signed", case, level.public_id)).content
    assert signed_in.post(page("enter_in_error", case, "letter", level.public_id)).status_code == 404
    begun = signed_in.post(page("open", case))  # and a new one can be begun
    assert signed.public_id not in begun["Location"]


def test_another_persons_assessment_is_not_found_here(
    signed_in: Client, case: IntakeCase, staff: StaffMember
) -> None:
    other = make_case()
    theirs = signed_assessment(actor=actor_of(staff), case=other)
    level = signed_level(actor=actor_of(staff), case=other)
    for name, key in (
        ("story", theirs.public_id),
        ("review", theirs.public_id),
        ("level_signed", level.public_id),
    ):
        assert signed_in.get(page(name, case, key)).status_code == 404


def test_pages_stay_within_their_queries(
    signed_in: Client, case: IntakeCase, staff: StaffMember, django_assert_max_num_queries: object
) -> None:
    draft = written_assessment(actor=actor_of(staff), case=case, codes=("F33.1", "F41.1", "F10.20"))
    signed_in.get(page("story", case, draft.public_id))
    for url in (
        page("story", case, draft.public_id),
        page("review", case, draft.public_id),
        page("chart", case),
    ):
        with django_assert_max_num_queries(19):  # type: ignore[operator]
            assert signed_in.get(url).status_code == 200
