from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "File": {"sha256": Privacy.CLINICAL, "content": Privacy.CLINICAL, "size": Privacy.CLINICAL},
    "Document": {
        "file": Privacy.CLINICAL,
        "person": Privacy.CLINICAL,
        "kind": Privacy.CLINICAL,
        "title": Privacy.CLINICAL,
        "file_name": Privacy.CLINICAL,
        "media_type": Privacy.CLINICAL,
        "received_at": Privacy.CLINICAL,
        "received_by": Privacy.STAFF,
        "entered_in_error_at": Privacy.CLINICAL,
        "entered_in_error_by": Privacy.STAFF,
    },
}
