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
    AftercareCase,
    DischargeType,
    Episode,
    Hold,
    Segment,
)
from dayward.care.journey.models.steps import (
    ContactAttempt,
    Handoff,
    Move,
    PublicInquiryCount,
    Transition,
)

__all__ = [
    "AdmissionItem",
    "AftercareCase",
    "AssessmentSlot",
    "ContactAttempt",
    "DischargeType",
    "EntryMode",
    "Episode",
    "Handoff",
    "Hold",
    "Inquiry",
    "IntakeCase",
    "Move",
    "PublicInquiryCount",
    "Screening",
    "Segment",
    "Source",
    "Transition",
    "WaitlistEntry",
]
