from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "ReferralDocument": {
        "version": Privacy.PUBLIC,
        "site": Privacy.CLINICAL,
        "document": Privacy.CLINICAL,
        "sha256": Privacy.CLINICAL,
        "packet": Privacy.CLINICAL,
        "kind": Privacy.CLINICAL,
        "sender": Privacy.CLINICAL,
        "patient_name": Privacy.IDENTIFYING,
        "born": Privacy.IDENTIFYING,
        "restricted": Privacy.CLINICAL,
        "problem_count": Privacy.CLINICAL,
        "state": Privacy.CLINICAL,
        "person": Privacy.CLINICAL,
        "case": Privacy.CLINICAL,
        "decided_at": Privacy.CLINICAL,
        "decided_by": Privacy.STAFF,
        "set_aside_reason": Privacy.CLINICAL,
        "filed": Privacy.CLINICAL,
    },
}
