from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_PAPER = {
    **dict.fromkeys(
        ("version", "written_at", "written_by", "saved_at", "saved_by", "signature", "signed_text"),
        Privacy.CLINICAL,
    ),
    **dict.fromkeys(
        ("entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"), Privacy.CLINICAL
    ),
}
PRIVACY: Declared = {
    "RiskStatement": _PAPER
    | dict.fromkeys(
        ("person", "case", "level", "suicide", "violence", "means", "protective", "action", "emergency"),
        Privacy.CLINICAL,
    ),
    "SafetyPlan": _PAPER
    | dict.fromkeys(
        (
            "person",
            "warning_signs",
            "own_steps",
            "places_and_people",
            "people_to_ask",
            "professionals",
            "safer_surroundings",
            "reasons_to_live",
            "copy_given",
            "review_on",
            "supersedes",
        ),
        Privacy.CLINICAL,
    ),
    "OutsideInstrument": dict.fromkeys(
        (
            "person",
            "name",
            "done_on",
            "rater",
            "result",
            "attachment",
            "recorded_at",
            "recorded_by",
            "entered_in_error_at",
            "entered_in_error_by",
        ),
        Privacy.CLINICAL,
    ),
}
