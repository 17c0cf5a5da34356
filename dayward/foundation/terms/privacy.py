from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "IcdCode": dict.fromkeys(
        ("code", "title", "also", "billable", "release", "current", "rank", "words"), Privacy.PUBLIC
    ),
    "IcdWord": dict.fromkeys(("word", "uses"), Privacy.PUBLIC),
}
