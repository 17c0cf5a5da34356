from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Entry": {
        **dict.fromkeys(("site", "at", "kind", "action", "actor_kind", "actor"), Privacy.STAFF),
        **dict.fromkeys(("person", "subject_kind", "subject", "reason", "detail"), Privacy.CLINICAL),
    },
    "Link": dict.fromkeys(("chain", "position", "entry", "previous", "digest"), Privacy.PUBLIC),
}
