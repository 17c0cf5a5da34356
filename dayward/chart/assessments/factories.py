"""Assessments and levels of care made through the services, for tests and for looking at pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import library, queries, services
from dayward.chart.assessments.models import Assessment, LevelOfCare
from dayward.foundation.audit.actors import Actor

TEXT = "Asked; written down in the person's words."


def written_assessment(
    *, actor: Actor, case: IntakeCase, codes: tuple[str, ...] = ("F33.1",), at: datetime | None = None
) -> Assessment:
    """A draft in which nothing is missing."""
    draft = services.start_assessment(actor=actor, case=case, at=at)
    texts = {section.key: draft.sections.get(section.key) or TEXT for section in library.sections()}
    services.save_assessment(actor=actor, assessment=draft, texts=texts, at=at)
    for code in codes:
        services.add_diagnosis(actor=actor, assessment=draft, code=code, at=at)
    rows = queries.rows_of(draft)  # a referral may have brought some
    for medication in rows.medications:
        services.ask_medication(actor=actor, medication=medication, taking="yes")
    if not rows.medications:
        services.say_no_medications(actor=actor, assessment=draft, none=True)
    if not rows.allergies:
        services.say_no_allergies(actor=actor, assessment=draft, at=at)
    draft.refresh_from_db()
    return draft


def signed_assessment(
    *, actor: Actor, case: IntakeCase, codes: tuple[str, ...] = ("F33.1",), at: datetime | None = None
) -> Assessment:
    draft = written_assessment(actor=actor, case=case, codes=codes, at=at)
    services.sign_assessment(actor=actor, assessment=draft, typed_name=_name(actor), at=at)
    draft.refresh_from_db()
    return draft


def written_level(
    *,
    actor: Actor,
    case: IntakeCase,
    recommended: str = "iop",
    actual: str = "iop",
    texts: Mapping[str, str] = MappingProxyType({}),
    at: datetime | None = None,
) -> LevelOfCare:
    """A draft with a rating and grounds for each dimension."""
    draft = services.start_level(actor=actor, case=case, at=at)
    filled = {"recommended": recommended, "actual": actual}
    for each in library.criteria_sets()[draft.criteria_set].dimensions:
        filled[f"why_{each.key}"] = TEXT
        if each.rated:
            filled[f"rating_{each.key}"] = "support"
    services.save_level(actor=actor, level=draft, texts={**filled, **texts}, at=at)
    draft.refresh_from_db()
    return draft


def signed_level(
    *,
    actor: Actor,
    case: IntakeCase,
    recommended: str = "iop",
    actual: str = "iop",
    texts: Mapping[str, str] = MappingProxyType({}),
    at: datetime | None = None,
) -> LevelOfCare:
    draft = written_level(actor=actor, case=case, recommended=recommended, actual=actual, texts=texts, at=at)
    services.sign_level(actor=actor, level=draft, typed_name=_name(actor), at=at)
    draft.refresh_from_db()
    return draft


def _name(actor: Actor) -> str:
    assert actor.staff is not None
    return actor.staff.name
