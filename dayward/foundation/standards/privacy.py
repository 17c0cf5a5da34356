from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

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
        "role": Privacy.STAFF,
        "staff": Privacy.STAFF,
    }
}
