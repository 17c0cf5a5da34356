from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_TERMS = (
    "payer effective_from effective_to floor_minutes young_under_age young_floor_minutes floor_test week_starts "
    "day_minimum_minutes day_minimum_services carry_back_days citation set_at"
)

_SAID = {"set_by": Privacy.STAFF, "corrections": Privacy.STAFF}  # who corrected it stands there, too

PRIVACY: Declared = {
    "Payer": {"name": Privacy.PUBLIC, "kind": Privacy.PUBLIC},
    "WeekTerms": {
        **dict.fromkeys(_TERMS.split(), Privacy.PUBLIC),
        **_SAID,
    },
    "KindTerms": {
        **dict.fromkeys("payer kind effective_from counts citation set_at".split(), Privacy.PUBLIC),
        **_SAID,
    },
    "Coverage": {
        "person": Privacy.CLINICAL,
        "payer": Privacy.CLINICAL,
        "member_id": Privacy.IDENTIFYING,
        "plan_name": Privacy.CLINICAL,
        "authorization_needed": Privacy.CLINICAL,
        "estimate_given": Privacy.CLINICAL,
        "note": Privacy.CLINICAL,
        "starts_on": Privacy.CLINICAL,
        "ends_on": Privacy.CLINICAL,
        "verified_at": Privacy.CLINICAL,
        "verified_by": Privacy.STAFF,
        "recorded_at": Privacy.CLINICAL,
        "recorded_by": Privacy.STAFF,
        "version": Privacy.PUBLIC,
    },
}
