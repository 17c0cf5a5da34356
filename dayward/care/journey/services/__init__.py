"""The only code that writes the tables of the way through the program."""

from __future__ import annotations

from dayward.care.journey.services.admission import Place, admit, tick_paper
from dayward.care.journey.services.aftercare import move_aftercare, open_aftercare
from dayward.care.journey.services.alumni import (
    Gathering,
    answer_event,
    cancel_event,
    make_event,
    restore_event,
)
from dayward.care.journey.services.assessment import (
    Slot,
    book_assessment,
    decide_level,
    miss_assessment,
    record_assessment,
)
from dayward.care.journey.services.calls import Heard, log_call, withdraw_call
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
    take_back_service,
)
from dayward.care.journey.services.first_week import finish_first_week, review_stay, tick_item, untick_item
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
    put_on_waitlist,
    record_benefits,
    refer_out,
)
from dayward.care.journey.services.leaving import (
    Leaving,
    Visit,
    confirm_appointment,
    give_copy,
    make_appointment,
    plan_discharge,
    reopen_appointment,
    save_discharge_plan,
    settle_appointment,
    stay_on,
)
from dayward.care.journey.services.moving import plan_taper, step_down
from dayward.care.journey.services.policy import set_policy
from dayward.care.journey.services.public import Applicant, TooMany, count_request, receive_public_inquiry
from dayward.care.journey.services.referrals import Brought, open_referral, take_back_referral
from dayward.care.journey.services.reopening import Said, note_payer_word, reopen
from dayward.care.journey.services.screening import Told, finish_screening, save_screening
from dayward.care.journey.services.steps import StepRefused
from dayward.care.journey.services.teams import end_teams

__all__ = [
    "Applicant",
    "Away",
    "Brought",
    "ComesFrom",
    "FirstContact",
    "Gathering",
    "Handover",
    "Heard",
    "Leaving",
    "Place",
    "Said",
    "Slot",
    "StepRefused",
    "Told",
    "TooMany",
    "Visit",
    "WaitingPlan",
    "admit",
    "answer_event",
    "book_assessment",
    "cancel_event",
    "change_track",
    "clear_at_risk",
    "close_case",
    "close_for_death",
    "confirm_appointment",
    "count_request",
    "decide_level",
    "discharge",
    "discharge_lost",
    "edit_case",
    "end_teams",
    "finish_first_week",
    "finish_screening",
    "flag_at_risk",
    "give_copy",
    "hold",
    "log_call",
    "log_contact",
    "log_handoff",
    "make_appointment",
    "make_event",
    "miss_assessment",
    "move_aftercare",
    "never_started",
    "note_payer_word",
    "note_service",
    "open_aftercare",
    "open_inquiry",
    "open_referral",
    "plan_discharge",
    "plan_taper",
    "put_on_waitlist",
    "receive_public_inquiry",
    "record_assessment",
    "record_benefits",
    "refer_out",
    "reopen",
    "reopen_appointment",
    "restore_event",
    "return_from_hold",
    "review_stay",
    "save_discharge_plan",
    "save_screening",
    "set_policy",
    "settle_appointment",
    "stay_on",
    "step_down",
    "step_up",
    "take_back_referral",
    "take_back_service",
    "tick_item",
    "tick_paper",
    "untick_item",
    "withdraw_call",
]
