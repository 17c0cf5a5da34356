"""The only code that writes this package's tables."""

from __future__ import annotations

from dayward.care.schedule.services.assessments import hold_assessment, release_assessment
from dayward.care.schedule.services.booking import Reasons, book, book_visit, cancel_booking, restore_booking
from dayward.care.schedule.services.enrolling import (
    Choice,
    EnrollReasons,
    end_enrollment,
    end_enrollments_of,
    enroll,
    pause,
    resume,
)
from dayward.care.schedule.services.feeds import feed_digest, make_feed, revoke_feed
from dayward.care.schedule.services.groups import close_group, edit_group, open_group
from dayward.care.schedule.services.hours import Block, set_staff_hours, tell_own_hours
from dayward.care.schedule.services.limits import give_reason, set_limit, withdraw_reason
from dayward.care.schedule.services.making import HORIZON
from dayward.care.schedule.services.refusals import (
    BELOW_FLOOR,
    CHECKS,
    OVER_CAP,
    OWN_HOURS,
    PULL_OUT,
    NeedsReason,
)
from dayward.care.schedule.services.series import (
    Consequence,
    Shape,
    consequence,
    edit_series,
    end_series,
    extend_series,
    shape_of,
    start_series,
)
from dayward.care.schedule.services.sessions import (
    Place,
    add_leader,
    add_session,
    cancel_session,
    cover,
    edit_session,
    people_in_the_way,
    reinstate_session,
)

__all__ = [
    "BELOW_FLOOR",
    "CHECKS",
    "HORIZON",
    "OVER_CAP",
    "OWN_HOURS",
    "PULL_OUT",
    "Block",
    "Choice",
    "Consequence",
    "EnrollReasons",
    "NeedsReason",
    "Place",
    "Reasons",
    "Shape",
    "add_leader",
    "add_session",
    "book",
    "book_visit",
    "cancel_booking",
    "cancel_session",
    "close_group",
    "consequence",
    "cover",
    "edit_group",
    "edit_series",
    "edit_session",
    "end_enrollment",
    "end_enrollments_of",
    "end_series",
    "enroll",
    "extend_series",
    "feed_digest",
    "give_reason",
    "hold_assessment",
    "make_feed",
    "open_group",
    "pause",
    "people_in_the_way",
    "reinstate_session",
    "release_assessment",
    "restore_booking",
    "resume",
    "revoke_feed",
    "set_limit",
    "set_staff_hours",
    "shape_of",
    "start_series",
    "tell_own_hours",
    "withdraw_reason",
]
