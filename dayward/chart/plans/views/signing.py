from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.plans import queries, services
from dayward.chart.plans.forms import AttestForm
from dayward.chart.plans.models import Plan
from dayward.chart.plans.permissions import READ, WRITE
from dayward.chart.plans.queries.plans import read_stretch
from dayward.chart.plans.queries.reviews import review_draft
from dayward.chart.plans.queries.team import seats_for, signing_of, with_signatures
from dayward.chart.plans.queries.tree import content_of, dose_of, read_tree, tree_of
from dayward.chart.plans.rules.content import gaps
from dayward.chart.plans.services.wording import plan_text
from dayward.chart.plans.views.common import episode_or_404, find_plan, steps
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.messaging.permissions import SEND_LINK
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone, both
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@requires_chart(READ)
@require_http_methods(["GET", "POST"])
def sign(request: ChartRequest, person: str) -> HttpResponse:
    """The whole version on one page: what is missing first, who has signed, who still has to."""
    episode = episode_or_404(request.person)
    plan = queries.open_plan(episode)
    if plan is None:
        plan = queries.newest_plan(episode)
        if plan is None or not plan.not_signed:
            return redirect("plans:chart" if plan else "plans:start", request.person.public_id)
    if request.method == "GET" or not request.may(WRITE):
        return _show(request, plan)
    try:
        services.sign_as_team(
            actor=request.actor,
            plan=plan,
            typed_name=request.POST.get("typed_name", ""),
            seat=request.POST.get("seat", ""),
            seen=request.POST.get("seen", ""),
        )
    except Refused as refused:
        return _show(request, plan, refused)
    return _signed(request, plan)


def _signed(request: ChartRequest, plan: Plan) -> HttpResponse:
    plan.refresh_from_db()
    if plan.completed_at:
        everybody = _("Everybody has signed: the plan holds from now on.")
        toasts.done(request, _("Written down. The plan holds.") if plan.not_signed else everybody)
        if review_draft(plan.episode) is not None:  # the review asked for this word, and goes on
            return redirect("plans:review", request.person.public_id)
        return redirect("plans:chart", request.person.public_id)
    toasts.done(request, _("Signed. The words are fixed; the others can sign now."))
    return redirect("plans:sign", request.person.public_id)


@requires_chart(WRITE)
@require_POST
def attest(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """The person agreed by word of mouth, cannot sign now, or declined: why."""
    found, form = find_plan(request, plan), AttestForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form=form)
    try:
        services.attest_for_person(
            actor=request.actor,
            plan=found,
            typed_name=request.POST.get("attest_name", ""),
            **form.cleaned_data,
        )
    except Refused as refused:
        return _show(request, found, refused, form)
    return _signed(request, found)


@requires_chart(WRITE)
@require_POST
def change(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """Other words before everybody has signed: a new draft takes the place of this version."""
    found = find_plan(request, plan)
    try:
        services.change_plan(actor=request.actor, plan=found, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _show(request, found, refused)
    toasts.done(
        request, _("A new draft begins with the same words. The signatures so far stay with the old one.")
    )
    return redirect("plans:edit", request.person.public_id)


def _show(
    request: ChartRequest, plan: Plan, refused: Refused | None = None, form: AttestForm | None = None
) -> HttpResponse:
    if plan.person_id == request.person.pk:
        plan.person = request.person
    tree, stretch = alone(both(read_tree(plan), read_stretch(plan.episode)))
    signing = signing_of(with_signatures(plan))
    found = () if plan.is_signed else gaps(content_of(tree))
    text = plan.signed_text or plan_text(tree)
    context: dict[str, Any] = {
        "person": request.person,
        "plan": plan,
        "text": text,
        "seen": digest(text),
        "gaps": found,
        "dose": dose_of(tree, stretch.prescribed_minutes if stretch else 0),
        "signing": signing,
        "mine": seats_for(plan, request.staff, signing) if request.may(WRITE) and not found else [],
        "form": form or AttestForm(),
        "refused": refused,
        "typed": request.POST.get("typed_name", ""),
        "may_write": request.may(WRITE),
        "may_hand_over": request.may(SEND_LINK),
        "steps": steps(request.person, plan, "sign", written=not found),
    }
    bad = refused or (form is not None and form.errors)
    return render(request, "plans/sign.html", context, status=422 if bad else 200)


@requires_chart(READ)
@require_GET
def read(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """One version, word for word as it was signed, with its signatures."""
    return render(request, "plans/read.html", _words_of(request, plan) | {"may_write": request.may(WRITE)})


@requires_chart(READ)
@require_GET
def print_plan(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """The version on paper, for the person to take along."""
    return render(request, "plans/print.html", _words_of(request, plan))


def _words_of(request: ChartRequest, plan: str) -> dict[str, Any]:
    found = find_plan(request, plan)
    return {
        "person": request.person,
        "plan": found,
        "text": found.signed_text or plan_text(tree_of(found)),
        "signatures": list(found.signatures.select_related("signature")),
    }


@requires_chart(WRITE)
@require_POST
def enter_in_error(request: ChartRequest, person: str, plan: str) -> HttpResponse:
    """Say that a version should not have been written; it stays readable."""
    found = find_plan(request, plan)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        services.enter_in_error(actor=request.actor, paper=found, reason=request.POST.get("reason", ""))
    return redirect("plans:chart", request.person.public_id)
