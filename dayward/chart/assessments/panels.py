"""What the chart shows of assessments: allergies in its header always, two panels below."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from dayward.chart.assessments import library, permissions, queries
from dayward.chart.assessments.models import Assessment, LevelOfCare
from dayward.chart.assessments.rules import levels
from dayward.chart.safety.queries import open_cases
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, both, first_of
from dayward.kernel.panels import Panel
from dayward.kernel.prepared import Among, Prepared, Slot

Paper = TypeVar("Paper", Assessment, LevelOfCare)


def allergies(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    known = yield from queries.read_allergies(person)
    return {"allergies": known, "person": person}


def assessment(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """The newest signed assessment with its diagnoses, and a draft beside it."""
    found, case = yield from both(_ASSESSMENTS.reading(people=person.all_ids), first_of(open_cases(person)))
    signed = next((row for row in found if row.is_signed), None)
    return {
        "person": person,
        "signed": signed,
        "draft": next((row for row in found if not row.is_signed), None),
        "formulation": signed.sections.get("formulation", "") if signed else "",
        "may_write": request.may(permissions.WRITE),
        "case_open": bool(found) or case is not None,
    }


def level(request: ChartRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """The newest signed decision, and a draft beside it."""
    found = yield from _LEVELS.reading(people=person.all_ids)
    signed = next((row for row in found if row.is_signed), None)
    draft = next((row for row in found if not row.is_signed), None)
    if not found:
        return None
    return {
        "person": person,
        "signed": signed,
        "draft": draft,
        "dimensions": rated(signed) if signed else [],
        "labels": levels.LABELS,
        "may_write": request.may(permissions.WRITE),
    }


def _lately(papers: type[Paper]) -> QuerySet[Paper]:
    """Those that stand, newest first, with no more beside each than a panel shows."""
    standing = papers._default_manager.filter(
        Among("person", Slot("people")), entered_in_error_at__isnull=True
    )
    return standing.select_related("signature", "saved_by").order_by("-written_at", "-id")


_ASSESSMENTS = Prepared(lambda: queries.with_diagnoses(_lately(Assessment))[:10])
_LEVELS = Prepared(lambda: _lately(LevelOfCare)[:10])


def rated(row: Any) -> list[dict[str, Any]]:
    """Each dimension with its rating and grounds."""
    criteria = library.criteria_sets()[row.criteria_set]
    said, scale = queries.decision(row), {rating.key: rating for rating in criteria.scale}
    return [
        {
            "dimension": dimension,
            "rating": scale.get(said.ratings.get(dimension.key, "")) if dimension.rated else None,
            "grounds": said.grounds.get(dimension.key, ""),
        }
        for dimension in criteria.dimensions
    ]


ALLERGIES = Panel(
    "allergies", _("Allergies"), "assessments/header.html", allergies, permissions.READ, order=10
)
ASSESSMENT = Panel(
    "assessment",
    _("Assessment"),
    "assessments/panel.html",
    assessment,
    permissions.READ,
    40,
    "assessments:chart",
)
LEVEL = Panel(
    "level",
    _("Level of care"),
    "assessments/level_panel.html",
    level,
    permissions.READ,
    45,
    "assessments:level_chart",
)
