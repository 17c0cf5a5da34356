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
_ALERTS: Declared = {
    "Alert": dict.fromkeys(
        (
            "person",
            "episode",
            "risk_class",
            "administration",
            "call",
            "answer",
            "follows",
            "named",
            "named_because",
            "raised_at",
            "raised_by",
            "class_since",
            "acknowledge_until",
            "contact_until",
            "close_until",
            "rings_next",
            "level",
            "acknowledged_at",
            "acknowledged_by",
            "contacted_at",
            "contacted_by",
            "closed_at",
            "closed_by",
        ),
        Privacy.CLINICAL,
    ),
    "AlertTest": dict.fromkeys(
        (
            "site",
            "started_at",
            "started_by",
            "named",
            "goes_on_to",
            "rings_at",
            "rang_at",
            "mail",
            "done_at",
            "failure",
        ),
        Privacy.STAFF,
    ),
    "AlertStep": dict.fromkeys(
        ("alert", "kind", "at", "by", "staff", "risk_class", "how", "note"), Privacy.CLINICAL
    ),
    "AlertClosing": _PAPER
    | dict.fromkeys(
        (
            "alert",
            "person",
            "level",
            "contact",
            "findings",
            "protective",
            "means",
            "actions",
            "reassess",
            "reassess_on",
            "needs_cosign",
            "cosignature",
        ),
        Privacy.CLINICAL,
    ),
}
PRIVACY |= _ALERTS
