"""The only code that writes the tables of the way through the program."""

from __future__ import annotations

from dayward.care.journey.services.admission import Place, admit, tick_paper
from dayward.care.journey.services.aftercare import move_aftercare, open_aftercare
from dayward.care.journey.services.assessment import (
    Slot,
    book_assessment,
    decide_level,
    miss_assessment,
    record_assessment,
)
from dayward.care.journey.services.death import close_for_death
from dayward.care.journey.services.episodes import (
    Away,
    change_track,
    clear_at_risk,
    discharge,
    discharge_lost,
    flag_at_risk,
    hold,
    never_started,
    note_service,
    return_from_hold,
    step_up,
)
from dayward.care.journey.services.intake import (
    ComesFrom,
    FirstContact,
    Handover,
    WaitingPlan,
    close_case,
    edit_case,
    log_contact,
    log_handoff,
    open_inquiry,
    open_referral,
    put_on_waitlist,
    refer_out,
)
from dayward.care.journey.services.policy import set_policy
from dayward.care.journey.services.public import Applicant, TooMany, count_request, receive_public_inquiry
from dayward.care.journey.services.screening import Told, finish_screening, save_screening
from dayward.care.journey.services.steps import StepRefused

__all__ = [
    "Applicant",
    "Away",
    "ComesFrom",
    "FirstContact",
    "Handover",
    "Place",
    "Slot",
    "StepRefused",
    "Told",
    "TooMany",
    "WaitingPlan",
    "admit",
    "book_assessment",
    "change_track",
    "clear_at_risk",
    "close_case",
    "close_for_death",
    "count_request",
    "decide_level",
    "discharge",
    "discharge_lost",
    "edit_case",
    "finish_screening",
    "flag_at_risk",
    "hold",
    "log_contact",
    "log_handoff",
    "miss_assessment",
    "move_aftercare",
    "never_started",
    "note_service",
    "open_aftercare",
    "open_inquiry",
    "open_referral",
    "put_on_waitlist",
    "receive_public_inquiry",
    "record_assessment",
    "refer_out",
    "return_from_hold",
    "save_screening",
    "set_policy",
    "step_up",
    "tick_paper",
]
