from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dayward.care.journey.factories import actor_of, make_case
from dayward.care.journey.models import IntakeCase
from dayward.chart.safety import queries, services
from dayward.chart.safety.factories import CALM, ELEVATED, IMMINENT, PLAN, signed_plan, signed_statement
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.chart.safety.rules.merge import fingerprint
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.evidence import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician() -> Actor:
    return actor_of(make_staff_with("therapist", credential="social_worker"))


@pytest.fixture
def case() -> IntakeCase:
    return make_case()


def evidence(key: str, case: IntakeCase) -> bool:
    return prove(key, kind="case", id=case.pk).present


def test_a_calm_statement_is_evidence_and_needs_no_plan(clinician: Actor, case: IntakeCase) -> None:
    assert not evidence("safety.risk_statement_signed", case)
    assert not evidence("safety.plan_if_positive", case)
    statement = signed_statement(actor=clinician, person=case.person, case=case)
    assert evidence("safety.risk_statement_signed", case)
    assert evidence("safety.plan_if_positive", case)
    assert statement.signature is not None
    assert statement.signature.sha256 == digest(statement.signed_text)
    assert "No risk found" in statement.signed_text and CALM["suicide"] in statement.signed_text


def test_a_positive_statement_needs_a_plan_of_this_way_in(clinician: Actor, case: IntakeCase) -> None:
    signed_plan(actor=clinician, person=case.person, at=case.opened_at - timedelta(days=90))
    signed_statement(actor=clinician, person=case.person, case=case, texts=ELEVATED)
    assert not evidence("safety.plan_if_positive", case)  # the plan is from an earlier treatment
    renewed = services.start_plan(actor=clinician, person=case.person)
    assert renewed.own_steps == PLAN["own_steps"]  # begins with the words of the one before
    signed_plan(actor=clinician, person=case.person)
    assert evidence("safety.plan_if_positive", case)


def test_a_draft_proves_nothing(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_statement(actor=clinician, person=case.person, case=case)
    services.save_statement(actor=clinician, statement=draft, texts=CALM)
    assert not evidence("safety.risk_statement_signed", case)


def test_imminent_risk_is_not_signed_without_the_emergency_path(clinician: Actor, case: IntakeCase) -> None:
    without = {key: text for key, text in IMMINENT.items() if key != "emergency"}
    with pytest.raises(Refused) as refused:
        signed_statement(actor=clinician, person=case.person, case=case, texts=without)
    assert refused.value.reasons == ("The emergency path: what was done",)
    assert signed_statement(actor=clinician, person=case.person, case=case, texts=IMMINENT).is_signed


def test_who_may_not_sign_may_still_write(case: IntakeCase) -> None:
    trainee = actor_of(make_staff_with("therapist", credential="trainee"))
    with pytest.raises(Refused, match="Your credential does not allow"):
        signed_statement(actor=trainee, person=case.person, case=case)
    draft = queries.draft(RiskStatement, case.person)
    assert draft is not None and draft.suicide == CALM["suicide"]


def test_an_expired_license_is_refused(case: IntakeCase) -> None:
    staff = make_staff_with("therapist", credential="psychologist")
    staff.credentials.update(expires_on=timezone.now().date() - timedelta(days=2))
    with pytest.raises(Refused, match="expired"):
        signed_statement(actor=actor_of(staff), person=case.person, case=case)


def test_the_typed_name_must_be_the_signers(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_statement(actor=clinician, person=case.person, case=case)
    services.save_statement(actor=clinician, statement=draft, texts=CALM)
    with pytest.raises(Refused, match="Type your own name"):
        services.sign_statement(actor=clinician, statement=draft, typed_name="Somebody Else")


def test_one_draft_at_a_time(clinician: Actor, case: IntakeCase) -> None:
    first = services.start_statement(actor=clinician, person=case.person, case=case)
    other = actor_of(make_staff_with("therapist"))
    assert services.start_statement(actor=other, person=case.person, case=case) == first


def test_two_writers_lose_neither_text(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_statement(actor=clinician, person=case.person, case=case)
    base = {key: fingerprint("") for key in ("level", "suicide", "violence")}
    other = actor_of(make_staff_with("therapist"))
    services.save_statement(actor=other, statement=draft, texts={"suicide": "theirs"}, base=base)
    merged = services.save_statement(
        actor=clinician, statement=draft, texts={"suicide": "mine", "violence": "mine too"}, base=base
    )
    assert [(clash.key, clash.mine, clash.theirs) for clash in merged.clashes] == [
        ("suicide", "mine", "theirs")
    ]
    draft.refresh_from_db()
    assert (draft.suicide, draft.violence) == ("theirs", "mine too")


def test_saving_nothing_new_leaves_no_trace(clinician: Actor, case: IntakeCase) -> None:
    draft = services.start_statement(actor=clinician, person=case.person, case=case)
    before = Entry.objects.count()
    services.save_statement(
        actor=clinician, statement=draft, texts={"suicide": ""}, base={"suicide": fingerprint("")}
    )
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "change", [{"suicide": "rewritten"}, {"level": "none"}, {"signed_text": ""}, {"signature": None}]
)
def test_what_is_signed_never_changes(clinician: Actor, case: IntakeCase, change: dict[str, Any]) -> None:
    statement = signed_statement(actor=clinician, person=case.person, case=case, texts=ELEVATED)
    with pytest.raises(Refused, match="signed already"):
        services.save_statement(actor=clinician, statement=statement, texts={"suicide": "rewritten"})
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        RiskStatement.objects.filter(pk=statement.pk).update(**change)


def test_even_the_owner_cannot_rewrite_a_signed_plan(
    clinician: Actor, case: IntakeCase, owner_connection: psycopg.Connection[Any]
) -> None:
    rows = owner_connection.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'safety%signed' AND tgenabled = 'O'"
    ).fetchall()
    assert sorted(row[0] for row in rows) == [
        "safety_alertclosing",
        "safety_riskstatement",
        "safety_safetyplan",
    ]


def test_a_new_plan_takes_the_place_of_the_old_which_stays(clinician: Actor, case: IntakeCase) -> None:
    old = signed_plan(actor=clinician, person=case.person)
    new = signed_plan(actor=clinician, person=case.person, texts=PLAN | {"own_steps": "Call Elena first"})
    assert new.supersedes == old
    assert queries.current_plan(case.person) == new
    assert SafetyPlan.objects.get(pk=old.pk).own_steps == PLAN["own_steps"]


def test_entered_in_error_counts_no_longer_and_stays_readable(clinician: Actor, case: IntakeCase) -> None:
    statement = signed_statement(actor=clinician, person=case.person, case=case)
    with pytest.raises(Refused, match="what is wrong"):
        services.enter_in_error(actor=clinician, paper=statement, reason=" ")
    services.enter_in_error(actor=clinician, paper=statement, reason="Wrong chart")
    assert not evidence("safety.risk_statement_signed", case)
    statement.refresh_from_db()
    assert statement.signed_text and statement.entered_in_error_reason == "Wrong chart"


def test_an_outside_instrument_keeps_the_result_and_the_sheet(clinician: Actor, case: IntakeCase) -> None:
    today = timezone.now().date() - timedelta(days=1)
    row = services.record_instrument(
        actor=clinician,
        person=case.person,
        name="locus",
        done_on=today,
        rater="P. Raman, LCSW",
        result="Level 3",
        file=("sheet.pdf", "application/pdf", b"%PDF-1.7 synthetic"),
    )
    assert row.attachment is not None and row.attachment.person == case.person
    with pytest.raises(Refused, match="future"):
        services.record_instrument(
            actor=clinician,
            person=case.person,
            name="locus",
            done_on=today + timedelta(days=9),
            rater="x",
            result="y",
        )
    services.withdraw_instrument(actor=clinician, instrument=row)
    assert queries.instruments(case.person)[0].entered_in_error_by == clinician.staff


def test_what_was_done_is_in_the_trail_without_what_was_written(clinician: Actor, case: IntakeCase) -> None:
    signed_statement(actor=clinician, person=case.person, case=case, texts=ELEVATED)
    entries = Entry.objects.filter(person=case.person.public_id, action__startswith="safety.")
    assert {entry.action for entry in entries} == {
        "safety.start_statement",
        "safety.save",
        "safety.sign_statement",
    }
    assert all(ELEVATED["suicide"] not in str(entry.detail) for entry in entries)
