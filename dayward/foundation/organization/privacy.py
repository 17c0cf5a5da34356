from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PRIVACY: Declared = {
    "Organization": dict.fromkeys(("name", "neutral_name", "is_demo", "created_at"), Privacy.PUBLIC),
    "Site": dict.fromkeys(
        (
            "organization",
            "name",
            "time_zone",
            "state",
            "phone",
            "street",
            "city",
            "zip_code",
            "directions",
            "version",
        ),
        Privacy.PUBLIC,
    ),
    "Setting": dict.fromkeys(
        (
            "key",
            "site",
            "value",
            "effective_from",
            "effective_to",
            "source",
            "set_at",
            "set_by",
            "replaced_at",
            "replaced_by",
        ),
        Privacy.PUBLIC,
    ),
}
