from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from dayward.care.journey.factories import actor_of, assessment_booked, make_case, screened
from dayward.care.journey.models import IntakeCase, Screening
from dayward.chart.assessments import queries, services
from dayward.chart.assessments.factories import (
    signed_assessment,
    signed_level,
    written_assessment,
    written_level,
)
from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, LevelOfCare
from dayward.chart.assessments.rules.prefill import Prefill, Row
from dayward.chart.assessments.services.assessment import _prefill_rows
from dayward.chart.safety.factories import ELEVATED, signed_plan, signed_statement
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove
from dayward.kernel.gathering import alone

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> Actor:
    return actor_of(make_staff_with("therapist", credential="social_worker"))


@pytest.fixture
def case() -> IntakeCase:
    intake = actor_of(make_staff_with("intake"))
    return assessment_booked(screened(make_case(actor=intake), actor=intake), actor=intake)


def evidence(key: str, case: IntakeCase) -> bool:
    return prove(key, kind="case", id=case.pk).present


# -- the way through -------------------------------------------------------------------------------------------


def test_signatures_move_the_case_on_as_soon_as_all_are_there(clinician: Actor, case: IntakeCase) -> None:
    """T7, T8: assessment, risk statement, plan and level in any order; the last one moves the case."""
    signed_assessment(actor=clinician, case=case)
    case.refresh_from_db()
    assert case.state == "assessment_scheduled"  # the risk statement is missing
    signed_statement(actor=clinician, person=case.person, case=case, texts=ELEVATED)
    case.refresh_from_db()
    assert case.state == "assessment_scheduled"  # positive, and no safety plan
    signed_plan(actor=clinician, person=case.person)
    case.refresh_from_db()
    assert case.state == "assessed"
    signed_level(actor=clinician, case=case)
    case.refresh_from_db()
    assert case.state == "level_decided"


def test_a_level_signed_first_is_used_when_the_rest_is_there(clinician: Actor, case: IntakeCase) -> None:
    signed_level(actor=clinician, case=case)
    signed_statement(actor=clinician, person=case.person, case=case)
    signed_assessment(actor=clinician, case=case)
    case.refresh_from_db()
    assert case.state == "level_decided"


def test_signing_says_what_the_case_still_waits_for(clinician: Actor, case: IntakeCase) -> None:
    draft = written_assessment(actor=clinician, case=case)
    assert clinician.staff is not None
    waits = services.sign_assessment(actor=clinician, assessment=draft, typed_name=clinician.staff.name)
    assert any("risk" in sentence for sentence in waits)


# -- the assessment --------------------------------------------------------------------------------------------


def test_it_begins_with_the_screening_and_there_is_one(clinician: Actor, case: IntakeCase) -> None:
    first = services.start_assessment(actor=clinician, case=case)
    assert first.prefilled["medical"][0].startswith("Screening of")
    assert "No." in first.sections["medical"]
    assert services.start_assessment(actor=clinician, case=case) == first


def test_rows_from_a_referral_say_where_they_come_from(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    rows = Prefill(
        diagnoses=(Row("Depression", "F331", source="Summary"), Row("Feeling low", source="Summary")),
        medications=(Row("Sertraline", detail="50 mg", source="Summary"),),
        allergies=(Row("", none_known=True, source="Summary"),),
    )
    assert clinician.staff is not None
    _prefill_rows(draft, rows, clinician.staff, timezone.now())
    found = queries.rows_of(draft)
    assert [(row.icd_id, row.source_detail) for row in found.given] == [
        ("F33.1", "Summary"),
        (None, "Summary"),
    ]
    assert not found.own and not evidence("assessment.diagnosis_qualified", case)
    coded, uncoded = found.given
    taken = services.take_over_diagnosis(actor=clinician, diagnosis=coded)
    assert (taken.rank, taken.source_detail) == (1, "Summary")
    with pytest.raises(Refused, match="no ICD-10-CM code"):
        services.take_over_diagnosis(actor=clinician, diagnosis=uncoded)


def test_saving_keeps_unknown_parts_out_and_known_parts_in(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    services.save_assessment(actor=clinician, assessment=draft, texts={"legal": "None.", "hacked": "x"})
    draft.refresh_from_db()
    assert draft.sections["legal"] == "None." and "hacked" not in draft.sections


def test_two_writers_lose_neither_text(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    base = {"legal": fingerprint(""), "family": fingerprint("")}
    other = actor_of(make_staff_with("therapist"))
    services.save_assessment(
        actor=other, assessment=draft, texts={"legal": "theirs", "family": ""}, base=base
    )
    merged = services.save_assessment(
        actor=clinician, assessment=draft, texts={"legal": "mine", "family": "also mine"}, base=base
    )
    assert [(clash.mine, clash.theirs) for clash in merged.clashes] == [("mine", "theirs")]
    draft.refresh_from_db()
    assert (draft.sections["legal"], draft.sections["family"]) == ("theirs", "also mine")


def test_an_unfinished_assessment_names_what_is_missing(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    assert clinician.staff is not None
    with pytest.raises(Refused) as refused:
        services.sign_assessment(actor=clinician, assessment=draft, typed_name=clinician.staff.name)
    text = " ".join(refused.value.reasons)
    assert "Formulation" in text and "diagnosis" in text and "allergies" in text and "medications" in text


@pytest.mark.parametrize(
    ("credential", "codes", "allowed"),
    [
        ("psychiatrist", ("F33.1",), True),
        ("adc", ("F10.20",), True),
        ("adc", ("F10.20", "F33.1"), False),
        ("nurse", ("F33.1",), False),
        ("trainee", ("F33.1",), False),
        ("", ("F33.1",), False),
    ],
)
def test_diagnoses_are_signed_by_those_whose_credential_allows_it(
    case: IntakeCase, credential: str, codes: tuple[str, ...], allowed: bool
) -> None:
    signer = actor_of(make_staff_with("therapist", credential=credential))
    draft = written_assessment(actor=signer, case=case, codes=codes)
    assert signer.staff is not None
    if allowed:
        services.sign_assessment(actor=signer, assessment=draft, typed_name=signer.staff.name)
    else:
        with pytest.raises(Refused):
            services.sign_assessment(actor=signer, assessment=draft, typed_name=signer.staff.name)
    assert evidence("assessment.diagnosis_qualified", case) is allowed
    assert evidence("assessment.biopsychosocial_signed", case) is allowed


def test_an_expired_license_does_not_sign(case: IntakeCase) -> None:
    staff = make_staff_with("therapist", credential="lmft")
    staff.credentials.update(expires_on=timezone.now().date() - timedelta(days=2))
    draft = written_assessment(actor=actor_of(staff), case=case)
    with pytest.raises(Refused, match="expired"):
        services.sign_assessment(actor=actor_of(staff), assessment=draft, typed_name=staff.name)


def test_the_signature_is_of_the_whole_text_lists_included(clinician: Actor, case: IntakeCase) -> None:
    signed = signed_assessment(actor=clinician, case=case, codes=("F33.1", "F41.1"))
    assert signed.signature is not None and signed.signature.sha256 == digest(signed.signed_text)
    assert "1. F33.1 Major depressive disorder" in signed.signed_text
    assert "2. F41.1" in signed.signed_text and "None known: asked." in signed.signed_text
    assert signed.signature.credential == "Licensed clinical social worker"


def test_what_is_signed_never_changes(clinician: Actor, case: IntakeCase) -> None:
    signed = signed_assessment(actor=clinician, case=case)
    with pytest.raises(Refused, match="amendment"):
        services.save_assessment(actor=clinician, assessment=signed, texts={"legal": "rewritten"})
    with pytest.raises(Refused, match="amendment"):
        services.add_diagnosis(actor=clinician, assessment=signed, code="F41.1")
    changes: tuple[Callable[[], object], ...] = (
        lambda: Assessment.objects.filter(pk=signed.pk).update(sections={}),
        lambda: Assessment.objects.filter(pk=signed.pk).update(signature=None),
        lambda: Diagnosis.objects.filter(assessment=signed).update(icd="F41.1"),
        lambda: Allergy.objects.filter(assessment=signed).update(none_known=False),
        lambda: Diagnosis.objects.filter(assessment=signed).update(assessment=signed.pk + 1),
    )
    for query in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            query()
    signed.refresh_from_db()
    assert signed.signature is not None and digest(signed.signed_text) == signed.signature.sha256


def test_an_amendment_begins_with_the_signed_words_and_points_back(
    clinician: Actor, case: IntakeCase
) -> None:
    signed = signed_assessment(actor=clinician, case=case)
    with pytest.raises(Refused, match="why"):
        services.amend_assessment(actor=clinician, assessment=signed, reason="")
    amended = services.amend_assessment(actor=clinician, assessment=signed, reason="New records came")
    assert amended.sections == signed.sections and amended.amends == signed
    assert services.amend_assessment(actor=clinician, assessment=signed, reason="again") == amended
    services.add_diagnosis(actor=clinician, assessment=amended, code="F41.1")
    assert evidence(
        "assessment.biopsychosocial_signed", case
    )  # the first one stands until this one is signed
    assert clinician.staff is not None
    services.sign_assessment(actor=clinician, assessment=amended, typed_name=clinician.staff.name)
    assert alone(queries.read_signed(case)) == amended
    assert "New records came" in Assessment.objects.get(pk=amended.pk).signed_text
    assert Assessment.objects.get(pk=signed.pk).signed_text == signed.signed_text


def test_one_assessment_for_one_way_in(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            person=case.person, case=case, written_by=draft.written_by, saved_by=draft.written_by
        )


# -- lists -----------------------------------------------------------------------------------------------------


def test_diagnoses_keep_an_order_and_one_is_primary(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    for code in ("F33.1", "F41.1", "F10.20"):
        services.add_diagnosis(actor=clinician, assessment=draft, code=code)
    last = queries.rows_of(draft).own[-1]
    services.make_primary(actor=clinician, diagnosis=last)
    assert queries.rows_of(draft).codes == ["F10.20", "F33.1", "F41.1"]
    services.enter_in_error(actor=clinician, row=queries.rows_of(draft).own[0])
    assert [(row.rank, row.icd_id) for row in queries.rows_of(draft).own] == [(1, "F33.1"), (2, "F41.1")]
    assert Diagnosis.objects.filter(assessment=draft).count() == 3  # nothing is deleted
    services.add_diagnosis(actor=clinician, assessment=draft, code="F10.20")  # and it may come back


def test_a_code_is_listed_once_and_must_exist(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    services.add_diagnosis(actor=clinician, assessment=draft, code="F33.1")
    with pytest.raises(Refused, match="already"):
        services.add_diagnosis(actor=clinician, assessment=draft, code="F33.1")
    with pytest.raises(Refused, match="from the list"):
        services.add_diagnosis(actor=clinician, assessment=draft, code="F99.99")


def test_a_heading_is_not_signed(clinician: Actor, case: IntakeCase) -> None:
    draft = written_assessment(actor=clinician, case=case, codes=("F33",))
    assert clinician.staff is not None
    with pytest.raises(Refused) as refused:
        services.sign_assessment(actor=clinician, assessment=draft, typed_name=clinician.staff.name)
    assert any("F33" in reason for reason in refused.value.reasons)


def test_medications_are_asked_about(clinician: Actor, case: IntakeCase) -> None:
    draft = written_assessment(actor=clinician, case=case)
    row = services.add_medication(actor=clinician, assessment=draft, text="Sertraline")
    draft.refresh_from_db()
    assert not draft.no_medications
    assert [gap.what for gap in queries.gaps_of(draft, queries.rows_of(draft))] == ["Sertraline"]
    services.ask_medication(actor=clinician, medication=row, taking="sometimes")
    assert queries.gaps_of(draft, queries.rows_of(draft)) == ()
    with pytest.raises(Refused, match="on the list"):
        services.say_no_medications(actor=clinician, assessment=draft, none=True)
    with pytest.raises(Refused):
        services.ask_medication(actor=clinician, medication=row, taking="perhaps")


def test_an_allergy_takes_back_that_none_are_known(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_assessment(actor=clinician, case=case)
    assert queries.allergies_of(case.person).state == "unknown"
    services.say_no_allergies(actor=clinician, assessment=draft)
    assert queries.allergies_of(case.person).state == "none"
    services.add_allergy(actor=clinician, person=case.person, assessment=draft, text="Penicillin")
    assert queries.allergies_of(case.person).state == "some"
    with pytest.raises(Refused, match="on the list"):
        services.say_no_allergies(actor=clinician, assessment=draft)


def test_an_allergy_learned_later_stands_beside_a_signed_assessment(
    clinician: Actor, case: IntakeCase
) -> None:
    signed = signed_assessment(actor=clinician, case=case)
    late = services.add_allergy(actor=clinician, person=case.person, text="Latex")
    assert [row.text for row in queries.allergies_of(case.person).known] == ["Latex"]
    services.amend_assessment(actor=clinician, assessment=signed, reason="Allergy learned")
    assert [row.text for row in queries.allergies_of(case.person).known] == ["Latex"]
    services.enter_in_error(actor=clinician, row=late)
    assert queries.allergies_of(case.person).state == "none"


# -- the level of care -----------------------------------------------------------------------------------------


def test_a_level_without_grounds_or_reason_is_refused(clinician: Actor, case: IntakeCase) -> None:
    assert clinician.staff is not None
    bare = services.start_level(actor=clinician, case=case)
    with pytest.raises(Refused):
        services.sign_level(actor=clinician, level=bare, typed_name=clinician.staff.name)
    draft = written_level(actor=clinician, case=case, recommended="php")
    with pytest.raises(Refused) as refused:
        services.sign_level(actor=clinician, level=draft, typed_name=clinician.staff.name)
    assert refused.value.reasons == ("The levels differ: say why.",)


def test_evidence_of_a_level_that_differs(clinician: Actor, case: IntakeCase) -> None:
    why = {"difference_kind": "choice", "difference_reason": "Keeps the weekend job."}
    signed_level(actor=clinician, case=case, recommended="php", texts=why)
    assert all(
        evidence(key, case)
        for key in ("level.recommended", "level.difference_explained", "level.is_this_program")
    )
    signed_level(actor=clinician, case=case, recommended="php", actual="php")
    assert evidence("level.recommended", case) and not evidence("level.is_this_program", case)


def test_a_nurse_decides_no_level(case: IntakeCase) -> None:
    nurse = actor_of(make_staff_with("therapist", credential="nurse"))
    with pytest.raises(Refused, match="does not allow"):
        signed_level(actor=nurse, case=case)


def test_another_edition_keeps_what_was_written_for_the_first(clinician: Actor, case: IntakeCase) -> None:
    draft = written_level(actor=clinician, case=case)
    assert draft.criteria_set == "asam-4"  # the newest for adults
    services.use_criteria(actor=clinician, level=draft, criteria_set="asam-3")
    services.save_level(actor=clinician, level=draft, texts={"rating_4": "watch", "why_4": "Wants to stop."})
    draft.refresh_from_db()
    assert draft.ratings["asam-3"]["4"] == {"rating": "watch", "why": "Wants to stop."}
    assert draft.ratings["asam-4"]["1"]["rating"] == "support"


def test_a_rating_off_the_scale_is_refused(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_level(actor=clinician, case=case)
    for texts in ({"rating_1": "4"}, {"recommended": "2.1"}):
        with pytest.raises(Refused, match="offered"):
            services.save_level(actor=clinician, level=draft, texts=texts)


def test_a_signed_level_never_changes_and_a_new_one_begins_with_its_words(
    clinician: Actor, case: IntakeCase
) -> None:
    signed = signed_level(actor=clinician, case=case)
    changes: list[dict[str, Any]] = [{"actual": "php"}, {"ratings": {}}, {"signature": None}]
    for change in changes:
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            LevelOfCare.objects.filter(pk=signed.pk).update(**change)
    again = services.start_level(actor=clinician, case=case)
    assert again.pk != signed.pk and again.ratings == signed.ratings


def test_the_trail_names_parts_and_never_their_words(clinician: Actor, case: IntakeCase) -> None:
    signed_assessment(actor=clinician, case=case)
    entries = Entry.objects.filter(person=case.person.public_id, action__startswith="assessments.")
    assert {"assessments.start", "assessments.save", "assessments.sign"} <= {
        entry.action for entry in entries
    }
    assert all("written down" not in str(entry.detail) for entry in entries)


def test_the_story_tells_hours_as_people_read_them(case: IntakeCase) -> None:
    block = {
        "kind": "school",
        "weekdays": [1, 5],
        "starts": "08:10",
        "ends": "14:50",
        "note": "late on Fridays",
    }
    Screening.objects.filter(case=case).update(own_hours=[block])
    found = queries.told(case)
    assert found is not None
    assert found.lines["own_hours"] == "School: Monday, Friday, 8:10 AM–2:50 PM (late on Fridays)"
