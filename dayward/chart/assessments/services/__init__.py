"""The only code that writes assessments, their lists and levels of care."""

from __future__ import annotations

from dayward.chart.assessments.services.assessment import (
    amend_assessment,
    save_assessment,
    sign_assessment,
    start_assessment,
)
from dayward.chart.assessments.services.level import save_level, sign_level, start_level, use_criteria
from dayward.chart.assessments.services.lists import (
    add_allergy,
    add_diagnosis,
    add_medication,
    ask_medication,
    enter_in_error,
    make_primary,
    say_no_allergies,
    say_no_medications,
    take_over_diagnosis,
)
from dayward.chart.assessments.services.progress import advance

__all__ = [
    "add_allergy",
    "add_diagnosis",
    "add_medication",
    "advance",
    "amend_assessment",
    "ask_medication",
    "enter_in_error",
    "make_primary",
    "save_assessment",
    "save_level",
    "say_no_allergies",
    "say_no_medications",
    "sign_assessment",
    "sign_level",
    "start_assessment",
    "start_level",
    "take_over_diagnosis",
    "use_criteria",
]
