from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Administration": dict.fromkeys(
        (
            "person",
            "episode",
            "instrument",
            "version",
            "text_version",
            "scoring_version",
            "language",
            "mode",
            "follows",
            "asked_at",
            "asked_by",
            "started_at",
            "started_by",
            "finished_at",
            "finished_by",
            "left_at",
            "left_by",
            "entered_in_error_at",
            "entered_in_error_by",
            "entered_in_error_reason",
        ),
        Privacy.CLINICAL,
    ),
    "Answer": dict.fromkeys(
        ("administration", "item", "value", "answered_at", "answered_by", "mode"), Privacy.CLINICAL
    ),
    "Score": dict.fromkeys(
        ("administration", "total", "band", "answered", "prorated", "at"), Privacy.CLINICAL
    ),
}
