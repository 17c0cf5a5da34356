from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Signature": {
        "subject_kind": Privacy.CLINICAL,
        "subject": Privacy.CLINICAL,
        "meaning": Privacy.CLINICAL,
        "sha256": Privacy.CLINICAL,
        "user": Privacy.STAFF,
        "staff": Privacy.STAFF,
        "person": Privacy.CLINICAL,
        "printed_name": Privacy.IDENTIFYING,
        "credential": Privacy.STAFF,
        "method": Privacy.CLINICAL,
        "signed_at": Privacy.CLINICAL,
    },
}
