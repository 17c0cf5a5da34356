"""Every question of the oracle finds something: planted faults, and rows that look as if a promise had been broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.models import Model

from dayward.care.journey.factories import (
    actor_of,
    assessment_booked,
    make_case,
    make_episode,
    make_program,
    screened,
)
from dayward.care.journey.models import (
    AftercareCall,
    AssessmentSlot,
    Episode,
    FollowUpAppointment,
    Inquiry,
    IntakeCase,
    Screening,
    Segment,
    TaperStep,
    Transition,
    WeekOneItem,
)
from dayward.care.journey.tests.acts import (
    EPISODE_ACTS,
)
from dayward.care.journey.tests.faults import FAULTS
from dayward.care.journey.tests.oracle import QUESTIONS, wrong
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return actor_of(make_staff_with("intake", "therapist", "director"))


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch, Actor], None], monkeypatch: pytest.MonkeyPatch, actor: Actor
) -> None:
    make_program(reopen_days=30)
    assert wrong() == []
    plant(monkeypatch, actor)
    assert FAULTS[plant] in wrong()


# What the database itself refuses cannot be planted: the questions are asked of rows that look as if it had not.
FORGED: tuple[tuple[str, type[Model], dict[str, str]], ...] = (
    ("a case is not in the state its last step led to", IntakeCase, {"state": "'declined'"}),
    ("an episode is not in the state its last step led to", Episode, {"state": "'active'"}),
    ("a step does not begin where the one before ended", Transition, {"from_state": "'assessed'"}),
    ("a step has no author", Transition, {"by": "''"}),
    ("a case has no first contact", Inquiry, {"case_id": "case_id + 1000000"}),
    ("a case went past the inquiry without a screening", Screening, {"finished_at": "NULL::timestamptz"}),
    ("an assessment is booked without a time", AssessmentSlot, {"status": "'moved'"}),
    ("somebody was admitted without a decided level", Transition, {"to_state": "'case_admitted'"}),
    (
        "somebody was admitted without telehealth consent and without a reason",
        Transition,
        {"evidence": "'{}'::jsonb"},
    ),
    ("a level was decided without an assessment", Transition, {"to_state": "'level_decided'"}),
    ("an admitted case has no episode", Episode, {"case_id": "NULL::bigint"}),
    ("segments of one episode overlap or leave a gap", Segment, {"ends_on": "ends_on + 1"}),
    (
        "two open episodes of one person in one program",
        Episode,
        {"person_id": "1", "ended_at": "NULL::timestamptz"},
    ),
    ("never started, but a service was delivered", Episode, {"state": "'never_started'"}),
    ("at risk is a state", Transition, {"to_state": "'at_risk'"}),
    ("a flag without a reason", Episode, {"at_risk_at": "now()", "at_risk_reason": "''"}),
    ("an episode ended without type, day or author", Episode, {"effective_end": "NULL::date"}),
    ("an administrative discharge nobody signed", Episode, {"discharge_type": "'ADMIN'"}),
    ("a line of the first week is ticked twice", WeekOneItem, {"kind": "'handbook'"}),
    ("getting started was finished from somewhere else", Transition, {"key": "'finish_first_week'"}),
    (
        "a step down without its criteria",
        Transition,
        {"key": "'step_down'", "evidence": "'{}'::jsonb"},
    ),
    (
        "a planned step counts as taken in somebody else's episode",
        TaperStep,
        {"segment_id": "(SELECT min(id) FROM journey_segment)", "episode_id": "episode_id + 1000000"},
    ),
    (
        "an administrative discharge without a fair reason, or without how to appeal",
        Episode,
        {"discharge_type": "'ADMIN'"},
    ),
    (
        "an appointment is settled without saying by whom, or open with an end",
        FollowUpAppointment,
        {"state": "'attended'"},
    ),
    (
        "a warning sign that nobody answered",
        AftercareCall,
        {"warning_signs": "ARRAY['use']", "handed_back": "''"},
    ),
    (
        "a hand-back without a way back in",
        AftercareCall,
        {"case_id": "(SELECT max(id) FROM journey_intakecase)"},
    ),
)


@pytest.fixture(scope="module")
def right_rows(module_rows: None) -> None:
    """Somebody whose treatment is over, somebody in it, and somebody on the way in; nothing is wrong with them."""
    actor = actor_of(make_staff_with("intake", "therapist", "director"))
    first = make_episode(actor=actor, started=True, starts_on=date(2026, 3, 2))
    for act in ("tick", "goals", "taper", "appointment", "track", "complete", "call"):
        EPISODE_ACTS[act](actor, Episode.objects.get(pk=first.pk))
    make_episode(actor=actor, started=True)
    assessment_booked(screened(make_case(actor=actor), actor=actor), actor=actor)
    assert wrong() == []


@pytest.mark.parametrize(("words", "model", "changes"), FORGED, ids=[each[0] for each in FORGED])
def test_a_forged_row_is_found(
    right_rows: None, words: str, model: type[Model], changes: dict[str, str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(as_if(QUESTIONS[words], model, {}))
        assert cursor.fetchone() is None
        cursor.execute(as_if(QUESTIONS[words], model, changes))
        assert cursor.fetchone() is not None


def as_if(sql: str, model: type[Model], changes: dict[str, str]) -> str:
    """The question, asked of a table in which these columns say something else."""
    columns = [field.column for field in model._meta.concrete_fields if field.column]
    shown = ", ".join(f"{changes[name]} AS {name}" if name in changes else name for name in columns)
    name = model._meta.db_table
    return f"WITH forged AS (SELECT {shown} FROM {name}) " + sql.replace(name, "forged")


def test_every_question_was_shown_to_find_something() -> None:
    assert set(QUESTIONS) == {*FAULTS.values(), *(words for words, _model, _changes in FORGED)}
