"""What is planned: shape, constraints, guarded QuerySets."""

from __future__ import annotations

from dayward.care.schedule.models.limits import LimitReason, LimitReasonQuerySet
from dayward.care.schedule.models.seats import (
    Booking,
    BookingQuerySet,
    Enrollment,
    EnrollmentQuerySet,
    OwnHours,
)
from dayward.care.schedule.models.staff import CalendarFeed, StaffHours
from dayward.care.schedule.models.timetable import (
    Group,
    Modality,
    Series,
    Session,
    SessionQuerySet,
    SessionStaff,
)

__all__ = [
    "Booking",
    "BookingQuerySet",
    "CalendarFeed",
    "Enrollment",
    "EnrollmentQuerySet",
    "Group",
    "LimitReason",
    "LimitReasonQuerySet",
    "Modality",
    "OwnHours",
    "Series",
    "Session",
    "SessionQuerySet",
    "SessionStaff",
    "StaffHours",
]
