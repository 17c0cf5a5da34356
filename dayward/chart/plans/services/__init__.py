"""The only code that writes plans and reviews."""

from __future__ import annotations

from dayward.chart.plans.services.parts import add_part, add_problem, put_back, take_off
from dayward.chart.plans.services.reviewing import save_review, set_review_aside, sign_review, start_review
from dayward.chart.plans.services.signing import (
    attest_for_person,
    change_plan,
    enter_in_error,
    sign_as_person,
    sign_as_team,
)
from dayward.chart.plans.services.writing import Chosen, revise_plan, save_plan, start_plan

__all__ = [
    "Chosen",
    "add_part",
    "add_problem",
    "attest_for_person",
    "change_plan",
    "enter_in_error",
    "put_back",
    "revise_plan",
    "save_plan",
    "save_review",
    "set_review_aside",
    "sign_as_person",
    "sign_as_team",
    "sign_review",
    "start_plan",
    "start_review",
    "take_off",
]
