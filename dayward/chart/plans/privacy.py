from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_PAPER = dict.fromkeys(
    (
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
        "episode",
    ),
    Privacy.CLINICAL,
)
_PART = dict.fromkeys(("plan", "position", "removed_at", "removed_by"), Privacy.CLINICAL)

PRIVACY: Declared = {
    "Plan": _PAPER
    | dict.fromkeys(
        (
            "number",
            "supersedes",
            "strengths",
            "barriers",
            "family",
            "medication",
            "therapy",
            "education",
            "transition",
            "completed_at",
            "completed_by",
            "superseded_at",
            "superseded_by",
        ),
        Privacy.CLINICAL,
    ),
    "PlanSignature": dict.fromkeys(("plan", "role", "outcome", "reason", "signature"), Privacy.CLINICAL),
    "Problem": _PART | dict.fromkeys(("icd", "title", "statement"), Privacy.CLINICAL),
    "Goal": _PART | dict.fromkeys(("problem", "words"), Privacy.CLINICAL),
    "Objective": _PART
    | dict.fromkeys(("goal", "thread", "text", "target", "measure", "due_on"), Privacy.CLINICAL),
    "Intervention": _PART
    | dict.fromkeys(
        ("service", "objective", "method", "minutes", "per_week", "weeks", "responsible", "if_missed"),
        Privacy.CLINICAL,
    ),
    "DischargeCriterion": _PART | {"text": Privacy.CLINICAL},
    "PlanReview": _PAPER
    | dict.fromkeys(
        (
            "plan",
            "kind",
            "summary",
            "person_words",
            "person_agrees",
            "criteria_set",
            "ratings",
            "level",
            "criteria_met",
            "stable_since",
            "changes_plan",
            "next_review_on",
            "hours",
            "scores",
        ),
        Privacy.CLINICAL,
    ),
    "ObjectiveProgress": dict.fromkeys(("review", "objective", "progress", "note"), Privacy.CLINICAL),
}
