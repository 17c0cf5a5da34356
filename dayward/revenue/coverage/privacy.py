from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Payer": {"name": Privacy.PUBLIC, "kind": Privacy.PUBLIC},
    "Coverage": {
        "person": Privacy.CLINICAL,
        "payer": Privacy.CLINICAL,
        "member_id": Privacy.IDENTIFYING,
        "plan_name": Privacy.CLINICAL,
        "authorization_needed": Privacy.CLINICAL,
        "estimate_given": Privacy.CLINICAL,
        "note": Privacy.CLINICAL,
        "starts_on": Privacy.CLINICAL,
        "ends_on": Privacy.CLINICAL,
        "verified_at": Privacy.CLINICAL,
        "verified_by": Privacy.STAFF,
        "recorded_at": Privacy.CLINICAL,
        "recorded_by": Privacy.STAFF,
    },
}
