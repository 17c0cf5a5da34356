from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

DATED = ("effective_from", "effective_to", "set_at", "withdrawn_at")
PRIVACY: Declared = {
    "Due": {
        **dict.fromkeys(
            (
                "rule",
                "episode",
                "person",
                "site",
                "mark",
                "start_kind",
                "start_at",
                "start_ref",
                "due_at",
                "hard_at",
                "state",
                "done_at",
            ),
            Privacy.CLINICAL,
        ),
        "pack": Privacy.PUBLIC,
        "policy": Privacy.PUBLIC,
        "harm": Privacy.PUBLIC,
        "warns": Privacy.PUBLIC,
        "role": Privacy.STAFF,
        "staff": Privacy.STAFF,
    },
    "PackUse": {
        **dict.fromkeys(("pack", "site", "program", "applies", "reason", *DATED), Privacy.PUBLIC),
        "set_by": Privacy.STAFF,
        "withdrawn_by": Privacy.STAFF,
    },
    "PolicyRule": {
        **dict.fromkeys(
            (
                "key",
                "site",
                "asked",
                "title",
                "why",
                "role",
                "harm",
                "after",
                "done",
                "repeats",
                "outlives",
                "within_amount",
                "within_unit",
                "at_most_days",
                "citation",
                *DATED,
            ),
            Privacy.PUBLIC,
        ),
        "set_by": Privacy.STAFF,
        "withdrawn_by": Privacy.STAFF,
    },
    "ChartAudit": {
        **dict.fromkeys(("site", "made_at", "charts", "charts_with_gaps", "gaps"), Privacy.PUBLIC),
        "made_by": Privacy.STAFF,
    },
    "ChartAuditLine": {
        **dict.fromkeys(("audit", "rule", "overdue", "past_hard_line"), Privacy.PUBLIC),
        "dues": Privacy.CLINICAL,
    },
}
