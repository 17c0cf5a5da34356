"""One version of the plan with everything in it, and the same as texts by key or as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dayward.chart.plans.models import DischargeCriterion, Goal, Intervention, Objective, Part, Plan, Problem
from dayward.chart.plans.rules.content import (
    BLOCK_OF_FORM,
    Content,
    Doing,
    Dose,
    GoalLine,
    ObjectiveLine,
    ProblemLine,
    dose,
)
from dayward.kernel.gathering import Reading, alone, both
from dayward.kernel.prepared import Prepared, Slot


@dataclass(frozen=True)
class GoalRow:
    goal: Goal
    objectives: list[Objective]


@dataclass(frozen=True)
class ProblemRow:
    problem: Problem
    goals: list[GoalRow]


@dataclass(frozen=True)
class Tree:
    """What stands in a version; what was taken off is not here."""

    plan: Plan
    problems: list[ProblemRow]
    interventions: list[Intervention]
    criteria: list[DischargeCriterion]

    @property
    def goals(self) -> list[GoalRow]:
        return [goal for problem in self.problems for goal in problem.goals]

    @property
    def objectives(self) -> list[Objective]:
        return [objective for goal in self.goals for objective in goal.objectives]

    @property
    def parts(self) -> list[Part]:
        """Every row whose texts are edited."""
        found: list[Part] = [row.problem for row in self.problems]
        found += [row.goal for row in self.goals]
        return [*found, *self.objectives, *self.interventions, *self.criteria]

    def doings_of(self, block: str) -> list[Intervention]:
        """The interventions of "medication", "therapy", "education", or "" for the rest."""
        return [row for row in self.interventions if BLOCK_OF_FORM.get(row.service.form, "") == block]


def tree_of(plan: Plan) -> Tree:
    """One statement."""
    return alone(read_tree(plan))


_OWN = {"plan": Slot("plan"), "removed_at__isnull": True}
_PROBLEMS = Prepared(lambda: Problem.objects.filter(**_OWN).select_related("icd").defer("icd__words"))
_GOALS = Prepared(lambda: Goal.objects.filter(**_OWN))
_OBJECTIVES = Prepared(lambda: Objective.objects.filter(**_OWN))
_INTERVENTIONS = Prepared(
    lambda: Intervention.objects.filter(**_OWN).select_related("service", "responsible", "objective")
)
_CRITERIA = Prepared(lambda: DischargeCriterion.objects.filter(**_OWN))


def read_tree(plan: Plan) -> Reading[Tree]:
    own = {"plan": plan.pk}
    ((steps, wishes), (heads, helps)), criteria = yield from both(
        both(
            both(_OBJECTIVES.reading(**own), _GOALS.reading(**own)),
            both(_PROBLEMS.reading(**own), _INTERVENTIONS.reading(**own)),
        ),
        _CRITERIA.reading(**own),
    )
    objectives, goals = defaultdict(list), defaultdict(list)
    for objective in steps:
        objectives[objective.goal_id].append(objective)
    for goal in wishes:
        goals[goal.problem_id].append(GoalRow(goal, objectives[goal.pk]))
    problems = [ProblemRow(row, goals[row.pk]) for row in heads]
    return Tree(plan, problems, helps, criteria)


def texts_of(tree: Tree) -> dict[str, str]:
    """Every text of the version by the name of its field: `strengths`, `goal-<id>-words` …"""
    texts = dict(tree.plan.texts)
    for part in tree.parts:
        texts |= {field_key(part, name): as_text(getattr(part, name)) for name in part.TEXTS}
    return texts


def field_key(part: Part, name: str) -> str:
    return f"{part.KEY}-{part.public_id}-{name}"


def as_text(value: object) -> str:
    """A value as a form field holds it; a related row by its public id."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(getattr(value, "public_id", value))


def content_of(tree: Tree) -> Content:
    """The version as the rules read it."""
    return Content(
        texts=tree.plan.texts,
        problems=tuple(_problem(row) for row in tree.problems),
        doings=doings_of(tree),
        criteria=tuple(row.text for row in tree.criteria),
    )


def _problem(row: ProblemRow) -> ProblemLine:
    goals = tuple(
        GoalLine(
            goal.goal.public_id,
            goal.goal.words,
            tuple(
                ObjectiveLine(each.public_id, each.text, each.target, each.due_on) for each in goal.objectives
            ),
        )
        for goal in row.goals
    )
    return ProblemLine(row.problem.public_id, row.problem.title, goals)


def doings_of(tree: Tree) -> tuple[Doing, ...]:
    return tuple(
        Doing(
            key=row.public_id,
            name=row.service.name,
            form=row.service.form,
            counts=row.service.counts,
            minutes=row.minutes,
            per_week=row.per_week,
            weeks=row.weeks,
        )
        for row in tree.interventions
    )


def dose_of(tree: Tree, prescribed: int) -> Dose:
    return dose(doings_of(tree), prescribed)
