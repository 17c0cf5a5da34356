"""What is signed, as text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dayward.chart.assessments import library
from dayward.chart.assessments.models import Allergy, Assessment, Diagnosis, LevelOfCare, ReportedMedication
from dayward.chart.assessments.queries import Rows, decision
from dayward.chart.assessments.rules import levels
from dayward.chart.safety.rules.wording import signed_text
from dayward.chart.safety.wording import about


def assessment_text(assessment: Assessment, rows: Rows) -> str:
    """The whole assessment, lists included."""
    facts = about(assessment.person)
    if assessment.amends is not None:
        facts += [(_("Amends"), assessment.amends.public_id), (_("Because"), assessment.amendment_reason)]
    parts = [(_(section.title), assessment.sections.get(section.key, "")) for section in library.sections()]
    parts += [
        (_("Diagnoses"), "\n".join(diagnosis_line(row) for row in rows.own)),
        (
            _("Diagnoses given by others, not taken over"),
            "\n".join(diagnosis_line(row) for row in rows.given),
        ),
        (
            _("Medications"),
            "\n".join(map(medication_line, rows.medications)) or _("None: asked, takes none."),
        ),
        (_("Allergies"), "\n".join(map(allergy_line, rows.allergies))),
    ]
    return signed_text(_("Biopsychosocial assessment"), facts, parts)


def diagnosis_line(row: Diagnosis) -> str:
    name = f"{row.icd.code} {row.icd.title}" if row.icd else row.text
    rank = f"{row.rank}. " if row.rank else ""
    return rank + _with(name, row.note, row.source_detail if row.source != "assessment" else "")


def medication_line(row: ReportedMedication) -> str:
    return _with(
        row.text, row.dose, row.reason, str(row.get_taking_display()) if row.taking else "", row.source_detail
    )


def allergy_line(row: Allergy) -> str:
    return _("None known: asked.") if row.none_known else _with(row.text, row.reaction, row.source_detail)


def _with(text: str, *notes: str) -> str:
    said = "; ".join(note for note in notes if note)
    return f"{text} ({said})" if said else text


def level_text(row: LevelOfCare) -> str:
    """The decision with the grounds per dimension."""
    criteria = library.criteria_sets()[row.criteria_set]
    said, scale = decision(row), {rating.key: rating for rating in criteria.scale}
    facts = [
        *about(row.person),
        (_("Criteria"), criteria.title),
        (_("Recommended level"), _(levels.LABELS[row.recommended])),
        (_("Actual level"), _(levels.LABELS[row.actual])),
    ]
    if row.recommended != row.actual:
        facts.append((_("Why they differ"), _(dict(levels.DIFFERENCES)[row.difference_kind])))
    parts = []
    for dimension in criteria.dimensions:
        rating = scale.get(said.ratings.get(dimension.key, ""))
        grounds = said.grounds.get(dimension.key, "")
        label = f"{_(rating.label)}. " if rating and dimension.rated else ""
        parts.append((f"{dimension.key} {dimension.name}", label + grounds))
    return signed_text(_("Level of care"), facts, [*parts, (_("Why they differ"), row.difference_reason)])
