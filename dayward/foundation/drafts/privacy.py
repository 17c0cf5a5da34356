from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Draft": {
        **dict.fromkeys(("person", "form", "typed", "state", "kept_at"), Privacy.CLINICAL),
        **dict.fromkeys(("writer", "tab"), Privacy.STAFF),
    }
}
