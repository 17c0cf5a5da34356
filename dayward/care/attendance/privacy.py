"""How private each field is. Being there or not is health information."""

from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

CLINICAL, STAFF = Privacy.CLINICAL, Privacy.STAFF

_INTERVAL = (
    "booking session person came_in went_out out_at modality location source recorded_at replaces reason voided "
    "left_early_reason"
)

_WEEK = (
    "person episode segment terms start length_days definition standing prescribed_minutes scheduled_seconds "
    "delivered_seconds carried_in_seconds carried_out_seconds "
    "units unit_rule floor_minutes floor_test met floors exempt_reason exempt_why because days separate_days days_ok "
    "gap_days gap_too_long sessions_scheduled sessions_kept sessions_called_off sessions_cancelled_in_time "
    "absences_excused absences_unexcused rule_version computed_at"
)

PRIVACY: Declared = {
    "Whereabouts": {
        **dict.fromkeys("booking at_home told_at told_by".split(), CLINICAL),
        **dict.fromkeys("person place state".split(), Privacy.IDENTIFYING),
    },
    "ServiceWeek": {**dict.fromkeys(_WEEK.split(), CLINICAL), "computed_by": STAFF},
    "WeekExemption": {
        **dict.fromkeys("person start reason note set_at withdrawn_at".split(), CLINICAL),
        "set_by": STAFF,
        "withdrawn_by": STAFF,
    },
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
