from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_ERROR = ("entered_in_error_at", "entered_in_error_by")
_FIELDS = {
    "Medication": (
        "person name route indication ours outside_prescriber reported dose frequency status started_on ended_on "
        "recorded_at recorded_by entered_in_error_reason"
    ),
    "MedicationChange": (
        "medication kind on dose_before frequency_before dose frequency reason target_symptom side_effects "
        "next_look_on switched_with made_at made_by signature signed_text entered_in_error_reason"
    ),
    "MedicationCheck": (
        "person booking on adherence burden side_effects note monitoring_on naloxone_offered next_look_on "
        "made_at made_by"
    ),
}
PRIVACY: Declared = {
    model: dict.fromkeys((*fields.split(), *_ERROR), Privacy.CLINICAL) for model, fields in _FIELDS.items()
} | {
    "Reconciliation": dict.fromkeys(
        ("person", "occasion", "lines", "note", "made_at", "made_by"), Privacy.CLINICAL
    )
}
