from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.safety import panels, queries, services
from dayward.chart.safety.alerts.queries import alerts_of
from dayward.chart.safety.forms import InstrumentForm, PlanForm, PlanSignForm, StatementForm, TextsForm
from dayward.chart.safety.models import OutsideInstrument, RiskStatement, SafetyPlan
from dayward.chart.safety.permissions import READ, WRITE
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.chart.safety.rules.plan import PARTS
from dayward.chart.safety.rules.risk import EMERGENCY_STEPS, IMMINENT
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

PAPERS: dict[str, type[RiskStatement] | type[SafetyPlan]] = {"risk": RiskStatement, "plan": SafetyPlan}


@require_GET
@requires_chart(READ)
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """Everything about this person's safety: alerts, the plan that holds, statements and plans before, instruments."""
    context = alone(panels.panel(request, request.person)) | {
        "alerts": alerts_of(request.person),
        "statements": queries.papers(RiskStatement, request.person),
        "plans": queries.papers(SafetyPlan, request.person),
        "instruments": queries.instruments(request.person),
    }
    return render(request, "safety/chart.html", context)


@require_GET
@requires_chart(READ)
def print_plan(request: ChartRequest, person: str) -> HttpResponse:
    """The plan on one sheet, to take along."""
    plan = queries.current_plan(request.person)
    if plan is None:
        raise Http404
    parts = [(part.title, plan.texts[part.key]) for part in PARTS if plan.texts[part.key]]
    return render(request, "safety/print.html", {"plan": plan, "parts": parts, "person": request.person})


@require_GET
@requires_chart(READ)
def paper(request: ChartRequest, person: str, kind: str, paper: str) -> HttpResponse:
    """One signed statement or plan, word for word as it was signed."""
    return render(
        request,
        "safety/paper.html",
        {
            "paper": _paper(request, kind, paper),
            "kind": kind,
            "person": request.person,
            "may_write": request.may(WRITE),
        },
    )


@require_POST
@requires_chart(WRITE)
def enter_in_error(request: ChartRequest, person: str, kind: str, paper: str) -> HttpResponse:
    """Say that a signed statement or plan should not have been written; it stays readable."""
    found = _paper(request, kind, paper)
    with toasts.telling(request, _("Marked as entered in error. It stays readable and counts no longer.")):
        services.enter_in_error(actor=request.actor, paper=found, reason=request.POST.get("reason", ""))
    return redirect("safety:chart", person=request.person.public_id)


def _paper(request: ChartRequest, kind: str, public_id: str) -> RiskStatement | SafetyPlan:
    if kind not in PAPERS:
        raise Http404
    rows: Any = queries.papers(PAPERS[kind], request.person)
    found: RiskStatement | SafetyPlan = get_object_or_404(rows, public_id=public_id)
    return found


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def statement(request: ChartRequest, person: str) -> HttpResponse:
    """Write the statement of risk, and sign it."""
    safety = queries.safety_of(request.person)
    draft = safety.statement_draft or RiskStatement(person=request.person)
    if request.method == "GET":
        return _show_statement(request, safety, _statement_form(draft))
    draft, merged = _save_statement(request)
    if merged.clashes or request.POST.get("act") == "save":
        return _after_save(
            request, "statement", _show_statement, safety, _statement_form(draft, request), merged
        )
    try:
        services.sign_statement(
            actor=request.actor, statement=draft, typed_name=request.POST.get("typed_name", "")
        )
    except Refused as refused:
        return _show_statement(request, safety, _statement_form(draft, request), refused=refused)
    toasts.done(request, _("The statement of risk is signed."))
    positive = draft.level != RiskStatement.Level.NONE
    return redirect("safety:plan" if positive else "safety:chart", person=request.person.public_id)


@require_POST
@requires_chart(WRITE)
def save_statement(request: ChartRequest, person: str) -> HttpResponse:
    """The draft, as it is typed."""
    try:
        draft, merged = _save_statement(request)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    return _saved(request, draft.version, merged)


def _save_statement(request: ChartRequest) -> tuple[RiskStatement, Merged]:
    case = queries.open_case(request.person)
    draft = services.start_statement(actor=request.actor, person=request.person, case=case)
    merged = services.save_statement(
        actor=request.actor,
        statement=draft,
        texts=request.POST.dict(),
        base=TextsForm.posted_base(request.POST),
    )
    draft.refresh_from_db()
    return draft, merged


def _statement_form(draft: RiskStatement, request: ChartRequest | None = None) -> StatementForm:
    shown = {key: str(getattr(draft, key)) for key in ("level", *StatementForm(shown={}).fields) if key}
    return StatementForm(request.POST if request else None, shown=shown)


def _show_statement(
    request: ChartRequest,
    safety: queries.Safety,
    form: TextsForm,
    merged: Merged | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    steps = EMERGENCY_STEPS
    context = {"steps": steps, "imminent": IMMINENT, "save_url": "safety:save_statement"}
    return _show(request, "safety/statement.html", safety, form, merged, refused, context)


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def plan(request: ChartRequest, person: str) -> HttpResponse:
    """Write the safety plan with the person, and sign it."""
    safety = queries.safety_of(request.person)
    draft = safety.plan_draft or SafetyPlan(
        person=request.person, **(safety.plan.texts if safety.plan else {})
    )
    if request.method == "GET":
        return _show_plan(request, safety, PlanForm(shown=draft.texts))
    draft, merged = _save_plan(request)
    form = PlanForm(request.POST, shown=draft.texts)
    if merged.clashes or request.POST.get("act") == "save":
        return _after_save(request, "plan", _show_plan, safety, form, merged)
    extra = PlanSignForm(request.POST)
    if not extra.is_valid():
        return _show_plan(request, safety, form, extra=extra)
    try:
        services.sign_plan(
            actor=request.actor,
            plan=draft,
            typed_name=request.POST.get("typed_name", ""),
            **extra.cleaned_data,
        )
    except Refused as refused:
        return _show_plan(request, safety, form, refused=refused, extra=extra)
    toasts.done(request, _("The safety plan is signed. It now stands on top of the chart."))
    return redirect("safety:chart", person=request.person.public_id)


@require_POST
@requires_chart(WRITE)
def save_plan(request: ChartRequest, person: str) -> HttpResponse:
    """The draft, as it is typed."""
    try:
        draft, merged = _save_plan(request)
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    return _saved(request, draft.version, merged)


def _save_plan(request: ChartRequest) -> tuple[SafetyPlan, Merged]:
    draft = services.start_plan(actor=request.actor, person=request.person)
    merged = services.save_plan(
        actor=request.actor, plan=draft, texts=request.POST.dict(), base=TextsForm.posted_base(request.POST)
    )
    draft.refresh_from_db()
    return draft, merged


def _show_plan(
    request: ChartRequest,
    safety: queries.Safety,
    form: TextsForm,
    merged: Merged | None = None,
    refused: Refused | None = None,
    extra: PlanSignForm | None = None,
) -> HttpResponse:
    context = {"extra": extra or PlanSignForm(), "save_url": "safety:save_plan"}
    return _show(request, "safety/plan.html", safety, form, merged, refused, context)


def _show(
    request: ChartRequest,
    template: str,
    safety: queries.Safety,
    form: TextsForm,
    merged: Merged | None,
    refused: Refused | None,
    more: dict[str, Any],
) -> HttpResponse:
    clashes = merged.clashes if merged else ()
    context = {
        "person": request.person,
        "safety": safety,
        "form": form,
        "refused": refused,
        "typed": request.POST.get("typed_name", ""),
        "differences": [
            {"label": form[item.key].label, "mine": item.mine, "theirs": item.theirs} for item in clashes
        ],
        **more,
    }
    return render(request, template, context, status=422 if refused or clashes else 200)


def _after_save(
    request: ChartRequest, name: str, show: Any, safety: queries.Safety, form: TextsForm, merged: Merged
) -> HttpResponse:
    if merged.clashes:
        response: HttpResponse = show(request, safety, form, merged=merged)
        return response
    toasts.done(request, _("Draft saved."))
    return redirect(f"safety:{name}", person=request.person.public_id)


def _saved(request: ChartRequest, version: int, merged: Merged) -> HttpResponse:
    """What the page needs to know after a save: the newest fingerprints, and where two people wrote."""
    theirs = {item.key for item in merged.clashes}
    fresh = [(key, fingerprint(merged.texts[key])) for key in merged.changed if key not in theirs]
    return render(
        request, "safety/saved.html", {"version": version, "fresh": fresh, "clashes": bool(merged.clashes)}
    )


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
def instruments(request: ChartRequest, person: str) -> HttpResponse:
    """Instruments that were used on paper: the result only."""
    form = InstrumentForm(request.POST or None, request.FILES or None)
    may_write = request.may(WRITE)
    if request.method == "POST" and may_write and form.is_valid() and _record(request, form):
        return redirect("safety:instruments", person=request.person.public_id)
    rows = queries.instruments(request.person)
    context = {"form": form, "rows": rows, "person": request.person, "may_write": may_write}
    return render(request, "safety/instruments.html", context, status=200 if request.method == "GET" else 422)


def _record(request: ChartRequest, form: InstrumentForm) -> bool:
    given = dict(form.cleaned_data)
    upload = given.pop("file")
    if upload:
        given["file"] = (upload.name, upload.content_type or "application/octet-stream", upload.read())
    try:
        services.record_instrument(actor=request.actor, person=request.person, **given)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("The result is in the chart."))
    return True


@require_POST
@requires_chart(WRITE)
def withdraw_instrument(request: ChartRequest, person: str, instrument: str) -> HttpResponse:
    """Say that a result was recorded by mistake."""
    rows = OutsideInstrument.objects.filter(person_id__in=request.person.all_ids)
    found = get_object_or_404(rows, public_id=instrument)
    services.withdraw_instrument(actor=request.actor, instrument=found)
    toasts.done(request, _("Marked as entered in error."))
    return redirect("safety:instruments", person=request.person.public_id)
