"""How private each field is. That somebody sits in a group says they are a patient: clinical."""

from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

PUBLIC, STAFF, CLINICAL, SECRET = Privacy.PUBLIC, Privacy.STAFF, Privacy.CLINICAL, Privacy.SECRET

_SERIES = "group weekdays starts ends breaks first_day last_day room modality made_until version"
_SESSION = (
    "site series series_day group service during breaks room modality cap status by_hand cancelled_at closure "
    "assessment "
    "sequence changed_at version"
)
_ENROLLMENT = (
    "segment person group weekdays starts_on ends_on over_cap_reason own_hours_reason below_floor_reason made_at "
    "ended_at end_reason"
)
_BOOKING = (
    "session person enrollment during status pulled_out_of makes_up_for over_cap_reason own_hours_reason booked_at "
    "cancelled_at cancel_kind cancel_reason sequence"
)

PRIVACY: Declared = {
    "Group": dict.fromkeys("track site service name topic cap closed_on".split(), PUBLIC),
    "Series": {**dict.fromkeys(_SERIES.split(), PUBLIC), "facilitators": STAFF},
    "Session": {
        **dict.fromkeys(_SESSION.split(), PUBLIC),
        "title": CLINICAL,
        "topic": CLINICAL,
        "join_link": SECRET,
        "cancel_reason": STAFF,
        "cancelled_by": STAFF,
        "changed_by": STAFF,
    },
    "SessionStaff": dict.fromkeys("session staff during is_cover status sequence".split(), STAFF),
    "Enrollment": {**dict.fromkeys(_ENROLLMENT.split(), CLINICAL), "made_by": STAFF, "ended_by": STAFF},
    "Booking": {
        **dict.fromkeys(_BOOKING.split(), CLINICAL),
        "booked_by": CLINICAL,  # it may be the person's own id
        "cancelled_by": CLINICAL,
    },
    "OwnHours": dict.fromkeys(
        "person kind weekdays starts ends note from_day until_day told_at told_by".split(), CLINICAL
    ),
    "LimitReason": {
        **dict.fromkeys("limit site group series session program week".split(), PUBLIC),
        **dict.fromkeys("sentence given_at given_by withdrawn_at withdrawn_by".split(), STAFF),
        **dict.fromkeys("person reason".split(), CLINICAL),
    },
    "StaffHours": dict.fromkeys("staff site weekdays starts ends from_day until_day".split(), STAFF),
    "CalendarFeed": {
        **dict.fromkeys("staff made_at made_by revoked_at revoked_by".split(), STAFF),
        "person": CLINICAL,
        "digest": SECRET,
    },
}
