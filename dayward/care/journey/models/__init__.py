"""The tables of the way through the program."""

from __future__ import annotations

from dayward.care.journey.models.cases import (
    AdmissionItem,
    AssessmentSlot,
    EntryMode,
    Inquiry,
    IntakeCase,
    Screening,
    Source,
    WaitlistEntry,
)
from dayward.care.journey.models.episodes import (
    AdministrativeReason,
    AftercareCase,
    DischargeType,
    Episode,
    Hold,
    Segment,
)
from dayward.care.journey.models.moving import (
    AftercareCall,
    AlumniAttendance,
    AlumniEvent,
    DischargePlan,
    FollowUpAppointment,
    TaperStep,
    WeekOneItem,
)
from dayward.care.journey.models.reopening import PayerWord, Reopening
from dayward.care.journey.models.steps import (
    ContactAttempt,
    Handoff,
    Move,
    PublicInquiryCount,
    Transition,
)

__all__ = [
    "AdministrativeReason",
    "AdmissionItem",
    "AftercareCall",
    "AftercareCase",
    "AlumniAttendance",
    "AlumniEvent",
    "AssessmentSlot",
    "ContactAttempt",
    "DischargePlan",
    "DischargeType",
    "EntryMode",
    "Episode",
    "FollowUpAppointment",
    "Handoff",
    "Hold",
    "Inquiry",
    "IntakeCase",
    "Move",
    "PayerWord",
    "PublicInquiryCount",
    "Reopening",
    "Screening",
    "Segment",
    "Source",
    "TaperStep",
    "Transition",
    "WaitlistEntry",
    "WeekOneItem",
]
