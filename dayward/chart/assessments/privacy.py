from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_PAPER = (
    "version",
    "written_at",
    "written_by",
    "saved_at",
    "saved_by",
    "signature",
    "signed_text",
    "entered_in_error_at",
    "entered_in_error_by",
    "entered_in_error_reason",
    "person",
    "case",
)
_LISTED = (
    "person",
    "assessment",
    "text",
    "source",
    "source_detail",
    "recorded_at",
    "recorded_by",
    "entered_in_error_at",
    "entered_in_error_by",
)


def _clinical(*fields: str) -> dict[str, Privacy]:
    return dict.fromkeys(fields, Privacy.CLINICAL)


PRIVACY: Declared = {
    "Assessment": _clinical(*_PAPER, "sections", "prefilled", "no_medications", "amends", "amendment_reason"),
    "Diagnosis": _clinical(*_LISTED, "icd", "rank", "note"),
    "ReportedMedication": _clinical(*_LISTED, "rxnorm", "dose", "reason", "taking"),
    "Allergy": _clinical(*_LISTED, "reaction", "none_known"),
    "LevelOfCare": _clinical(
        *_PAPER,
        "criteria_set",
        "population",
        "ratings",
        "recommended",
        "actual",
        "difference_kind",
        "difference_reason",
    ),
}
