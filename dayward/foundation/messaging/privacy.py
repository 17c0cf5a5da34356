from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Message": {
        "person": Privacy.CLINICAL,
        "channel": Privacy.IDENTIFYING,
        "to": Privacy.IDENTIFYING,
        "subject": Privacy.IDENTIFYING,
        "body": Privacy.SECRET,
        "state": Privacy.STAFF,
        "made_at": Privacy.CLINICAL,
        "made_by": Privacy.STAFF,
        "sent_at": Privacy.CLINICAL,
        "failure": Privacy.STAFF,
    }
}
