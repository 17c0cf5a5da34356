"""How private each field is."""

from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PUBLIC, STAFF = Privacy.PUBLIC, Privacy.STAFF

_TERMS = (
    "program effective_from effective_to floor_minutes floor_reason php_floor_minutes young_under_age "
    "young_floor_minutes floor_test week_starts late_after_minutes late_rule presence_percent breaks_count "
    "day_minimum_minutes day_minimum_services largest_gap_days carry_back_days unit_rule prescribed_minutes "
    "hours_day_min hours_day_max days_week_min days_week_max stay_min_days stay_target_days stay_max_days stay_is_hard "
    "hold_max_days reopen_days severity_band source set_at"
)
_KIND = (
    "key requirement name patient_name patient_name_es form bookable documentable clinical counting dated "
    "usual_minutes max_people closed_on"
)

_SAID = {"set_by": STAFF, "corrections": STAFF}  # who corrected it stands there, too

PRIVACY: Declared = {
    "Program": dict.fromkeys("site name stream age_group part_two closed_on".split(), PUBLIC),
    "ProgramTerms": {**dict.fromkeys(_TERMS.split(), PUBLIC), **_SAID},
    "Track": dict.fromkeys("program name summary part_of_day cap closed_on".split(), PUBLIC),
    "ServiceKind": dict.fromkeys(_KIND.split(), PUBLIC),
    "KindCounting": {
        **dict.fromkeys("kind effective_from counting reason set_at".split(), PUBLIC),
        **_SAID,
    },
    "KindEdit": {**dict.fromkeys("kind changes made_at".split(), PUBLIC), "made_by": STAFF},
    "Room": {
        **dict.fromkeys("site seats closed_on".split(), PUBLIC),
        "name": STAFF,  # an office is called by who sits in it
    },
    "Closure": {
        **dict.fromkeys("site day reason name made_at withdrawn_at".split(), PUBLIC),
        "made_by": STAFF,
        "withdrawn_by": STAFF,
    },
}
