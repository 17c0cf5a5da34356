"""How private each field is. Being there or not is health information."""

from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

CLINICAL, STAFF = Privacy.CLINICAL, Privacy.STAFF

_INTERVAL = (
    "booking session person came_in went_out out_at modality location source recorded_at replaces reason voided "
    "left_early_reason"
)

PRIVACY: Declared = {
    "Interval": {**dict.fromkeys(_INTERVAL.split(), CLINICAL), "recorded_by": STAFF, "out_by": STAFF},
    "Absence": {
        **dict.fromkeys("booking kind reason recorded_at withdrawn_at".split(), CLINICAL),
        "recorded_by": STAFF,
        "withdrawn_by": STAFF,
    },
    "RollCall": {
        **dict.fromkeys("session opened_at closed_at".split(), Privacy.PUBLIC),
        "opened_by": STAFF,
        "closed_by": STAFF,
    },
}
