from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments import library, panels, queries, services
from dayward.chart.assessments.forms import LevelForm
from dayward.chart.assessments.models import LevelOfCare
from dayward.chart.assessments.permissions import READ, WRITE
from dayward.chart.assessments.rules import levels
from dayward.chart.assessments.services.level import default_criteria, fields_of, population_of
from dayward.chart.assessments.views.common import (
    case_or_404,
    differences,
    saved,
    say_what_waits,
    steps_of_case,
)
from dayward.chart.safety.forms import TextsForm
from dayward.chart.safety.rules.merge import Merged
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@require_GET
@requires_chart(READ)
def level_chart(request: ChartRequest, person: str) -> HttpResponse:
    """The panel as a page, with every decision there was."""
    context = alone(panels.level(request, request.person)) or {"person": request.person}
    context |= {"all": queries.levels_of(request.person), "labels": levels.LABELS}
    return render(request, "assessments/level_chart.html", context)


@require_GET
@requires_chart(READ)
def level_signed(request: ChartRequest, person: str, level: str) -> HttpResponse:
    """One decision, word for word as it was signed."""
    found = get_object_or_404(queries.levels_of(request.person), public_id=level)
    return render(
        request,
        "assessments/level_signed.html",
        {"person": request.person, "level": found, "may_write": request.may(WRITE)},
    )


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def level(request: ChartRequest, person: str) -> HttpResponse:
    """Rate the dimensions, recommend, decide, sign."""
    case = case_or_404(request.person)
    draft = queries.level_draft(case)
    if request.method == "GET":
        if draft is None:
            return _show_start(request, case)
        return _show(request, draft, _form(draft))
    draft = draft or services.start_level(actor=request.actor, case=case)
    act = request.POST.get("act", "")
    if act in ("start", "criteria"):
        services.use_criteria(
            actor=request.actor,
            level=draft,
            criteria_set=request.POST.get("criteria_set", draft.criteria_set),
        )
        return redirect("assessments:level", request.person.public_id)
    return _save_or_sign(request, draft, act)


def _save_or_sign(request: ChartRequest, draft: LevelOfCare, act: str) -> HttpResponse:
    merged = _save(request, draft)
    draft.refresh_from_db()
    form = LevelForm(
        request.POST, shown=fields_of(draft), criteria=library.criteria_sets()[draft.criteria_set]
    )
    if merged.clashes:
        return _show(request, draft, form, merged=merged)
    if act == "save":
        toasts.done(request, _("Draft saved."))
        return redirect("assessments:level", request.person.public_id)
    try:
        waits = services.sign_level(
            actor=request.actor, level=draft, typed_name=request.POST.get("typed_name", "")
        )
    except Refused as refused:
        return _show(request, draft, form, refused=refused)
    say_what_waits(request, _("The level of care is signed."), waits)
    return redirect("assessments:level_chart", request.person.public_id)


@require_POST
@requires_chart(WRITE)
def save_level(request: ChartRequest, person: str) -> HttpResponse:
    """The draft, as it is typed."""
    draft = queries.level_draft(case_or_404(request.person))
    if draft is None:
        raise Http404
    try:
        merged = _save(request, draft)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    return saved(request, draft.version, merged)


def _save(request: ChartRequest, draft: LevelOfCare) -> Merged:
    return services.save_level(
        actor=request.actor, level=draft, texts=request.POST.dict(), base=TextsForm.posted_base(request.POST)
    )


def _form(draft: LevelOfCare) -> LevelForm:
    return LevelForm(shown=fields_of(draft), criteria=library.criteria_sets()[draft.criteria_set])


def _show_start(request: ChartRequest, case: IntakeCase) -> HttpResponse:
    population = population_of(case)
    context = {
        "person": request.person,
        "sets": [each for each in library.criteria_sets().values() if population in each.populations],
        "default": default_criteria(case),
        "signed": queries.signed_level(case),
        "labels": levels.LABELS,
        "steps": steps_of_case(request.person, case, "level"),
    }
    return render(request, "assessments/level_start.html", context)


def _show(
    request: ChartRequest,
    draft: LevelOfCare,
    form: LevelForm,
    merged: Merged | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    criteria = library.criteria_sets()[draft.criteria_set]
    context = {
        "person": request.person,
        "level": draft,
        "form": form,
        "criteria": criteria,
        "sets": [each for each in library.criteria_sets().values() if draft.population in each.populations],
        "concerns": levels.concerns(criteria, queries.decision(draft)),
        "differences": differences(form, merged),
        "refused": refused,
        "typed": request.POST.get("typed_name", ""),
        "steps": steps_of_case(request.person, draft.case, "level"),
    }
    return render(request, "assessments/level.html", context, status=422 if refused or merged else 200)
