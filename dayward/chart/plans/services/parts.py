"""Rows of a draft: added, taken off, put back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind
from dayward.chart.plans.models import DischargeCriterion, Goal, Intervention, Objective, Part, Plan, Problem
from dayward.chart.plans.queries.beginning import Offer, offers_for
from dayward.chart.plans.services.common import locked_draft
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

KINDS: dict[str, Any] = {
    model.KEY: model for model in (Problem, Goal, Objective, Intervention, DischargeCriterion)
}
Parent = TypeVar("Parent", Problem, Goal)
USUAL_WEEKS = 8
USUAL_SERVICE = "individual-therapy"


@transaction.atomic
def add_problem(*, actor: Actor, plan: Plan, offer: str) -> Problem:
    """A problem from a diagnosis or a starter, with its goal and objectives."""
    draft = locked_draft(plan)
    found = next((each for each in offers_for(draft.episode) if each.key == offer), None)
    if found is None:
        raise Refused(_("Choose one of what is offered."))
    problem = problem_from(draft, found)
    if found.starter and _(found.starter.education) not in draft.education:
        draft.education = f"{draft.education}\n{_(found.starter.education)}".strip()
        draft.save(update_fields=["education"])
    record(actor=actor, action="plans.add_problem", person=draft.person, subject=draft, offer=offer)
    return problem


def problem_from(plan: Plan, offer: Offer, words: str = "") -> Problem:
    """The rows of an offer; without a starter an empty goal and objective wait to be written."""
    starter, written = offer.starter, local_day(plan.written_at, plan.episode.program.site.zone)
    problem = Problem.objects.create(
        plan=plan,
        position=_next(plan, Problem),
        icd=offer.icd,
        title=(_(starter.title) if starter else offer.title)[:200],
        statement=_(starter.statement) if starter else "",
    )
    goal = Goal.objects.create(plan=plan, problem=problem, words=words)
    if starter is None:
        Objective.objects.create(plan=plan, goal=goal, due_on=written + timedelta(weeks=USUAL_WEEKS))
        return problem
    for position, each in enumerate(starter.objectives):
        Objective.objects.create(
            plan=plan,
            goal=goal,
            position=position,
            text=_(each.text),
            target=_(each.target)[:200],
            measure=each.measure,
            due_on=written + timedelta(weeks=each.weeks),
        )
    return problem


def _next(plan: Plan, model: Any) -> int:
    last = model._default_manager.filter(plan=plan).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


@transaction.atomic
def add_part(*, actor: Actor, plan: Plan, kind: str, under: str = "") -> Part:
    """An empty row: a goal under a problem, an objective under a goal, an intervention, a criterion, a problem."""
    draft = locked_draft(plan)
    if kind not in KINDS:
        raise Refused(_("Choose what to add."))
    part = _empty(draft, kind, under)
    record(actor=actor, action="plans.add_part", person=draft.person, subject=draft, part=kind)
    return part


def _empty(plan: Plan, kind: str, under: str) -> Part:
    position = _next(plan, KINDS[kind])
    if kind == "criterion":
        return DischargeCriterion.objects.create(plan=plan, position=position)
    if kind == "intervention":
        return Intervention.objects.create(
            plan=plan, position=position, weeks=USUAL_WEEKS, **_usual_service()
        )
    if kind == "objective":
        due = local_day(plan.written_at, plan.episode.program.site.zone) + timedelta(weeks=USUAL_WEEKS)
        return Objective.objects.create(
            plan=plan, position=position, goal=_under(Goal, plan, under), due_on=due
        )
    problem = Problem.objects.create(plan=plan, position=position) if kind == "problem" else None
    return _goal(plan, problem or _under(Problem, plan, under))


def _goal(plan: Plan, problem: Problem) -> Goal:
    goal = Goal.objects.create(plan=plan, position=_next(plan, Goal), problem=problem)
    due = local_day(plan.written_at, plan.episode.program.site.zone) + timedelta(weeks=USUAL_WEEKS)
    Objective.objects.create(plan=plan, goal=goal, due_on=due)
    return goal


def _under(model: type[Parent], plan: Plan, public_id: str) -> Parent:
    found = model._default_manager.filter(plan=plan, public_id=public_id, removed_at__isnull=True).first()
    if found is None:
        raise Refused(_("What it belongs to is not in the plan any more."))
    return found


def _usual_service() -> dict[str, object]:
    rows = ServiceKind.objects.in_use().filter(documentable=True)
    service = rows.filter(key=USUAL_SERVICE).first() or rows.first()
    if service is None:
        raise Refused(_("No services are set up yet."))
    return {"service": service, "minutes": service.usual_minutes}


@transaction.atomic
def take_off(*, actor: Actor, plan: Plan, kind: str, part: str, at: datetime | None = None) -> None:
    """A row leaves the draft, and what hangs under it; it can be put back."""
    _mark(actor, plan, kind, part, at or timezone.now())


@transaction.atomic
def put_back(*, actor: Actor, plan: Plan, kind: str, part: str) -> None:
    """Undo of taking off."""
    _mark(actor, plan, kind, part, None)


def _mark(actor: Actor, plan: Plan, kind: str, public_id: str, at: datetime | None) -> None:
    draft = locked_draft(plan)
    model = KINDS.get(kind)
    row = model._default_manager.filter(plan=draft, public_id=public_id).first() if model else None
    if row is None:
        raise Refused(_("This is not in the plan any more."))
    row.removed_at, row.removed_by = at, author(actor) if at else None
    row.save(update_fields=["removed_at", "removed_by"])
    act = "plans.take_off" if at else "plans.put_back"
    record(actor=actor, action=act, person=draft.person, subject=draft, part=kind)
