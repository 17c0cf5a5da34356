"""Statements of risk and safety plans made through the services, for tests and for looking at pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dayward.care.journey.models import IntakeCase
from dayward.chart.safety import services
from dayward.chart.safety.models import RiskStatement, SafetyPlan
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import Person

CALM = {
    "level": "none",
    "suicide": "Asked directly; no thoughts, no earlier attempts.",
    "violence": "Asked; none.",
    "protective": "Family, the dog, wants to be here.",
}
ELEVATED = {
    "level": "elevated",
    "suicide": "Thoughts of not waking up on some evenings; no plan, no intent.",
    "violence": "Asked; none.",
    "means": "Medicines at home, now with the sister. Asked about firearms: none.",
    "protective": "Sister, the dog, wants to climb again.",
    "action": "Safety plan today; looked at again on Thursday.",
}
IMMINENT = ELEVATED | {
    "level": "imminent",
    "emergency": "911 at 2:10 pm; stayed with the person until they came.",
}
PLAN = {
    "warning_signs": "Lying awake after midnight",
    "own_steps": "Walk the dog",
    "people_to_ask": "Elena (312) 555-0142",
    "professionals": "Riverbend (312) 555-0100; 988",
    "safer_surroundings": "Elena keeps the medicines.",
}


def signed_statement(
    *,
    actor: Actor,
    person: Person,
    case: IntakeCase | None = None,
    texts: Mapping[str, str] = CALM,
    at: datetime | None = None,
) -> RiskStatement:
    """A signed statement, calm unless told otherwise."""
    statement = services.start_statement(actor=actor, person=person, case=case, at=at)
    services.save_statement(actor=actor, statement=statement, texts=texts, at=at)
    return services.sign_statement(actor=actor, statement=statement, typed_name=_name(actor), at=at)


def signed_plan(
    *, actor: Actor, person: Person, texts: Mapping[str, str] = PLAN, at: datetime | None = None
) -> SafetyPlan:
    """A signed safety plan."""
    plan = services.start_plan(actor=actor, person=person, at=at)
    services.save_plan(actor=actor, plan=plan, texts=texts, at=at)
    return services.sign_plan(actor=actor, plan=plan, typed_name=_name(actor), at=at)


def _name(actor: Actor) -> str:
    assert actor.staff is not None
    return actor.staff.name
