"""The tables of the treatment plan and of its reviews."""

from __future__ import annotations

from dayward.chart.plans.models.parts import (
    DischargeCriterion,
    Goal,
    Intervention,
    Objective,
    Part,
    Problem,
)
from dayward.chart.plans.models.plan import Plan, PlanSignature
from dayward.chart.plans.models.review import ObjectiveProgress, PlanReview

__all__ = [
    "DischargeCriterion",
    "Goal",
    "Intervention",
    "Objective",
    "ObjectiveProgress",
    "Part",
    "Plan",
    "PlanReview",
    "PlanSignature",
    "Problem",
]
