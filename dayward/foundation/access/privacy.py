from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "RoleAssignment": dict.fromkeys(
        ("staff", "role", "site", "programs", "starts_on", "ends_on", "told"), Privacy.STAFF
    ),
    "SignInLink": {
        **dict.fromkeys(("user", "made_at", "made_by", "expires_at", "used_at"), Privacy.STAFF),
        "digest": Privacy.SECRET,
    },
    "SignedIn": {
        **dict.fromkeys(
            ("user", "device", "address", "started_at", "seen_at", "ended_at", "ended_by"), Privacy.STAFF
        ),
        "session_key": Privacy.SECRET,
    },
    "CareTeamMember": dict.fromkeys(("person", "staff", "function", "during"), Privacy.CLINICAL),
    "BreakGlass": dict.fromkeys(
        (
            "person",
            "opened_by",
            "opened_at",
            "expires_at",
            "reason",
            "reviewed_at",
            "reviewed_by",
            "review_outcome",
        ),
        Privacy.CLINICAL,
    ),
    "Watch": dict.fromkeys(
        ("person", "reason", "begun_at", "begun_by", "ended_at", "ended_by"), Privacy.CLINICAL
    ),
    "PortalKey": {
        **dict.fromkeys(("person", "kind", "made_at", "made_by", "expires_at", "used_at"), Privacy.CLINICAL),
        **dict.fromkeys(("digest", "failed_tries"), Privacy.SECRET),
    },
}
