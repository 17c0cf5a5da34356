from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.chart.plans import library, queries, services
from dayward.chart.plans.forms import PlanForm
from dayward.chart.plans.models import Plan
from dayward.chart.plans.permissions import WRITE
from dayward.chart.plans.queries.beginning import first_words, offers_for, prescribed_minutes
from dayward.chart.plans.queries.tree import ProblemRow, Tree, content_of, dose_of, field_key, tree_of
from dayward.chart.plans.rules.content import AFTER, BEFORE, BLOCKS, gaps
from dayward.chart.plans.rules.starters import starter_for
from dayward.chart.plans.views.common import differences, episode_or_404, find_plan, saved, steps
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.merge import Merged
from dayward.foundation.access.queries import care_team
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def start(request: ChartRequest, person: str) -> HttpResponse:
    """Begin a plan: says what it begins with."""
    episode = queries.current_episode(request.person)
    if episode is None or (episode.ended_at is not None and queries.newest_plan(episode) is None):
        return render(request, "plans/start.html", {"person": request.person, "episode": None})
    if queries.open_plan(episode) is not None:
        return redirect("plans:edit", request.person.public_id)
    if queries.newest_plan(episode) is not None:
        return redirect("plans:chart", request.person.public_id)
    if request.method == "POST":
        chosen = services.Chosen(request.POST.getlist("offer"))
        services.start_plan(actor=request.actor, episode=episode, chosen=chosen)
        return redirect("plans:edit", request.person.public_id)
    context = {
        "person": request.person,
        "episode": episode,
        "offers": offers_for(episode),
        "known": first_words(episode),
    }
    return render(request, "plans/start.html", context)


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def edit(request: ChartRequest, person: str) -> HttpResponse:
    """Write the version: problems, goals, objectives, interventions, criteria."""
    plan = queries.open_plan(episode_or_404(request.person))
    if plan is None:
        return redirect("plans:start", request.person.public_id)
    if plan.is_signed:
        return redirect("plans:sign", request.person.public_id)
    if request.method == "GET":
        return _show(request, plan)
    try:
        merged = _save(request, plan)
    except Refused as refused:
        return _show(request, plan, refused=refused)
    if merged.clashes:
        return _show(request, plan, merged=merged)
    return _act(request, plan, request.POST.get("act", "save"))


@requires_chart(WRITE)
@require_POST
def save(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """The draft, as it is typed."""
    found = find_plan(request, plan)
    try:
        merged = _save(request, found)
    except Refused as refused:  # signed meanwhile, or half a number
        return HttpResponse(refused.sentence, status=409)
    found.refresh_from_db()
    return saved(request, found.version, merged, **_side(tree_of(found)))


def _save(request: ChartRequest, plan: Plan) -> Merged:
    return services.save_plan(
        actor=request.actor,
        plan=plan,
        texts=request.POST.dict(),
        base=TextsForm.posted_base(request.POST),
    )


def _act(request: ChartRequest, plan: Plan, act: str) -> HttpResponse:
    """What the pressed button asks for, once everything typed is saved."""
    verb, _colon, rest = act.partition(":")
    if verb == "next":
        return redirect("plans:sign", request.person.public_id)
    anchor = ""
    try:
        if verb == "add":
            kind, _colon, under = rest.partition(":")
            part = services.add_part(actor=request.actor, plan=plan, kind=kind, under=under)
            anchor = f"#{part.KEY}-{part.public_id}"
        elif verb == "offer":
            problem = services.add_problem(actor=request.actor, plan=plan, offer=rest)
            anchor = f"#problem-{problem.public_id}"
        elif verb == "off":
            kind, _colon, key = rest.partition(":")
            services.take_off(actor=request.actor, plan=plan, kind=kind, part=key)
            undo = reverse("plans:put_back", args=[request.person.public_id, plan.public_id, kind, key])
            toasts.done(request, _("Taken off the plan."), undo_url=undo)
        else:
            toasts.done(request, _("Draft saved."))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    return redirect(reverse("plans:edit", args=[request.person.public_id]) + anchor)


@requires_chart(WRITE)
@require_POST
def put_back(request: ChartRequest, person: str, plan: str, kind: str, part: str) -> HttpResponse:
    """Undo of taking a row off the draft."""
    with toasts.telling(request, _("Back on the plan.")):
        services.put_back(actor=request.actor, plan=find_plan(request, plan), kind=kind, part=part)
    return redirect(reverse("plans:edit", args=[request.person.public_id]) + f"#{kind}-{part}")


def _side(tree: Tree) -> dict[str, Any]:
    """What stands beside the writing: minutes a week, and what is still missing."""
    prescribed = prescribed_minutes(tree.plan.episode)
    return {"dose": dose_of(tree, prescribed), "gaps": gaps(content_of(tree))}


def _show(
    request: ChartRequest, plan: Plan, merged: Merged | None = None, refused: Refused | None = None
) -> HttpResponse:
    tree, posted = tree_of(plan), request.POST if merged or refused else None
    team = [member.staff for member in care_team(request.person)]
    form = PlanForm(posted, tree=tree, team=team)
    offers = offers_for(plan.episode)
    there = {row.problem.title for row in tree.problems}
    context = {
        "person": request.person,
        "plan": plan,
        "form": form,
        "before": [form[text.key] for text in BEFORE],
        "blocks": [form[text.key] for text in BLOCKS],
        "after": [form[text.key] for text in AFTER],
        "problems": [_problem(form, row) for row in tree.problems],
        "doings": [_fields(form, row) for row in tree.interventions],
        "criteria": [_fields(form, row) for row in tree.criteria],
        "offers": [each for each in offers if not (each.starter and _(each.starter.title) in there)],
        "steps": steps(request.person, plan, "write"),
        "differences": differences(form, merged),
        "refused": refused,
        **_side(tree),
    }
    return render(request, "plans/edit.html", context, status=422 if merged or refused else 200)


def _fields(form: PlanForm, part: Any) -> dict[str, Any]:
    """A row with its bound fields by name."""
    return {"row": part} | {name: form[field_key(part, name)] for name in part.TEXTS}


def _problem(form: PlanForm, row: ProblemRow) -> dict[str, Any]:
    """The problem, and a question that helps the person to say what they want."""
    code = row.problem.icd_id or ""
    by_title = next((s for s in library.starters().values() if _(s.title) == row.problem.title), None)
    starter = by_title or starter_for(code, library.starters().values())
    goals = [
        _fields(form, goal.goal) | {"objectives": [_fields(form, each) for each in goal.objectives]}
        for goal in row.goals
    ]
    return _fields(form, row.problem) | {"goals": goals, "ask": starter.ask if starter else ""}
