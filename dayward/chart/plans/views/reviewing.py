from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.plans import panels, queries, services
from dayward.chart.plans.forms import ReviewForm
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.permissions import READ, WRITE
from dayward.chart.plans.queries.reviews import (
    Sheet,
    hours_since,
    last_review,
    review_draft,
    reviews_of,
    scores_since_baseline,
    sheet_of,
    since_when,
)
from dayward.chart.plans.views.common import differences, episode_or_404, find_review, saved
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.merge import Merged
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@requires_chart(READ)
@require_GET
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """The plan that holds, and every version and review there was."""
    context = alone(panels.panel(request, request.person)) | {
        "plans": queries.plans_of(request.person).prefetch_related("signatures"),
        "reviews": reviews_of(request.person).filter(signature__isnull=False),
    }
    return render(request, "plans/chart.html", context)


@requires_chart(WRITE)
@require_http_methods(["GET", "POST"])
def review(request: ChartRequest, person: str) -> HttpResponse:
    """The review being written; begin one where there is none."""
    episode = episode_or_404(request.person)
    draft, plan = review_draft(episode), queries.newest_plan(episode)
    kind = request.POST.get("kind") or request.GET.get("kind") or PlanReview.Kind.REGULAR
    kind = kind if kind in PlanReview.Kind.values else PlanReview.Kind.REGULAR
    if draft is None:
        if request.method == "POST" and plan is not None:
            return _start(request, plan, kind)
        context = {"person": request.person, "plan": plan, "kind": kind, "last": last_review(episode)}
        return render(request, "plans/review_start.html", context)
    if request.method == "GET":
        return _show(request, draft)
    return _post(request, draft)


def _post(request: ChartRequest, draft: PlanReview) -> HttpResponse:
    try:
        merged = _save(request, draft)
        draft.refresh_from_db()
        if merged.clashes:
            return _show(request, draft, merged=merged)
        if request.POST.get("act") == "sign":
            new = services.sign_review(
                actor=request.actor, review=draft, typed_name=request.POST.get("typed_name", "")
            )
            return _signed(request, new is not None)
        if request.POST.get("act", "").startswith("kind:"):
            kind = request.POST["act"].removeprefix("kind:")
            services.start_review(actor=request.actor, plan=draft.plan, kind=kind)
            return redirect("plans:review", request.person.public_id)
    except Refused as refused:
        return _show(request, draft, refused=refused)
    toasts.done(request, _("Draft saved."))
    return redirect("plans:review", request.person.public_id)


def _start(request: ChartRequest, plan: Plan, kind: str) -> HttpResponse:
    try:
        services.start_review(actor=request.actor, plan=plan, kind=kind)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("plans:chart", request.person.public_id)
    return redirect("plans:review", request.person.public_id)


def _signed(request: ChartRequest, changes: bool) -> HttpResponse:
    if changes:
        toasts.done(
            request, _("The review is signed. Here is the next version of the plan, to change and sign.")
        )
        return redirect("plans:edit", request.person.public_id)
    toasts.done(request, _("The review is signed."))
    return redirect("plans:chart", request.person.public_id)


@requires_chart(WRITE)
@require_POST
def save_review(request: ChartRequest, person: str, review: str) -> HttpResponse:
    """The draft of a review, as it is typed."""
    found = find_review(request, review)
    try:
        merged = _save(request, found)
    except Refused as refused:
        return HttpResponse(refused.sentence, status=409)
    found.refresh_from_db()
    return saved(request, found.version, merged)


def _save(request: ChartRequest, draft: PlanReview) -> Merged:
    return services.save_review(
        actor=request.actor,
        review=draft,
        texts=request.POST.dict(),
        base=TextsForm.posted_base(request.POST),
    )


def _show(
    request: ChartRequest,
    draft: PlanReview,
    merged: Merged | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    sheet, now = sheet_of(draft), timezone.now()
    form = ReviewForm(request.POST if merged or refused else None, sheet=sheet)
    context: dict[str, Any] = {
        "person": request.person,
        "review": draft,
        "form": form,
        "goals": _goals(form, sheet),
        "ask_again": sheet.to_ask_again,
        "dimensions": [_dimension(form, each) for each in sheet.dimensions],
        "criteria": [form[f"criterion_{row.public_id}"] for row, _said in sheet.criteria],
        "hours": [
            week | {"day": date.fromisoformat(week["week"])}
            for week in hours_since(request.person, since_when(draft.plan), now)
        ],
        "scores": scores_since_baseline(request.person),
        "differences": differences(form, merged),
        "refused": refused,
        "typed": request.POST.get("typed_name", ""),
    }
    return render(request, "plans/review.html", context, status=422 if merged or refused else 200)


def _goals(form: ReviewForm, sheet: Sheet) -> list[dict[str, Any]]:
    """Objectives under their goal, each with its fields and what was said last time."""
    found: list[dict[str, Any]] = []
    for step in sheet.steps:
        if not found or found[-1]["goal"] != step.goal:
            found.append({"goal": step.goal, "steps": []})
        found[-1]["steps"].append(
            {"step": step, "progress": form[f"progress_{step.key}"], "note": form[f"note_{step.key}"]}
        )
    return found


def _dimension(form: ReviewForm, each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "rating": form[f"rating_{each.key}"] if each.rated else None,
        "why": form[f"why_{each.key}"],
    }


@requires_chart(WRITE)
@require_POST
def set_aside(request: ChartRequest, person: str, review: str) -> HttpResponse:
    """A review draft that is not wanted after all."""
    found = find_review(request, review)
    with toasts.telling(request, _("The draft is set aside; it stays readable.")):
        services.set_review_aside(
            actor=request.actor,
            review=found,
            reason=request.POST.get("reason", "") or _("Not wanted after all"),
        )
    return redirect("plans:chart", request.person.public_id)


@requires_chart(READ)
@require_GET
def read_review(request: ChartRequest, person: str, review: str) -> HttpResponse:
    """One review, word for word as it was signed."""
    found = find_review(request, review)
    context = {"person": request.person, "review": found, "may_write": request.may(WRITE)}
    return render(request, "plans/read_review.html", context)


@requires_chart(WRITE)
@require_POST
def review_in_error(request: ChartRequest, person: str, review: str) -> HttpResponse:
    """Say that a signed review should not have been written; it stays readable."""
    found = find_review(request, review)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        services.enter_in_error(actor=request.actor, paper=found, reason=request.POST.get("reason", ""))
    return redirect("plans:chart", request.person.public_id)
