from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.care.journey.permissions import AFTERCARE
from dayward.care.journey.rules.calls import SLOTS
from dayward.chart.measures import permissions as measures_permissions
from dayward.chart.measures import queries as measures
from dayward.chart.safety import queries as papers
from dayward.chart.safety.alerts import guardians, queries, services, testing
from dayward.chart.safety.alerts.forms import ClosingForm, ClosingSignForm, ContactForm, GuardianForm
from dayward.chart.safety.alerts.models import Alert, AlertClosing
from dayward.chart.safety.alerts.services.closing import KEYS
from dayward.chart.safety.permissions import ALERTS, ANSWER, READ
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.chart.safety.rules.risk import EMERGENCY_STEPS, IMMINENT
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires, requires_chart
from dayward.ui import toasts

SHOWN_CLOSED = timedelta(days=14)


@require_GET
@requires(READ)
def alerts(request: StaffRequest) -> HttpResponse:
    """Open alerts: one's own, and all of them for those who answer for them."""
    everything = request.may(ALERTS)
    sites, theirs = request.powers.places(ALERTS), request.powers.bound(ALERTS)
    mine = queries.of(request.staff).select_related("person__site", "named", "acknowledged_by")
    rows = queries.all_open(sites, theirs) if everything else mine
    since = timezone.now() - SHOWN_CLOSED
    closed = queries.lately_closed(sites, since, theirs) if everything else Alert.objects.none()
    open_lines, closed_lines = queries.lines(request.powers, rows), queries.lines(request.powers, closed)
    audit_list(request, [line.person for line in (*open_lines, *closed_lines) if line.person])
    context = {
        "open": open_lines,
        "closed": closed_lines,
        "everything": everything,
        "tests": testing.newest_tests(sites) if everything else [],
    }
    return render(request, "safety/alerts/list.html", context)


@require_POST
@requires(ALERTS)
def test(request: StaffRequest, site: str) -> HttpResponse:
    """Test the way of alerts now; the answer is there after two minutes."""
    found = next((each for each in request.powers.places(ALERTS) if each.public_id == site), None)
    if found is None:
        raise Http404
    made = services.start_test(site=found, actor=request.actor)
    if made.failure:
        toasts.refuse(request, made.failure)
    else:
        toasts.done(request, _("The test runs. Open this page again in three minutes."))
    return redirect("safety:alerts")


@require_GET
@requires_chart(READ)
def alert(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """One alert: what was answered, who was told, what was done, and what is owed next."""
    return _show(request, _found(request, alert))


def _found(request: ChartRequest, public_id: str) -> Alert:
    return get_object_or_404(queries.alerts_of(request.person), public_id=public_id)


def _show(
    request: ChartRequest,
    found: Alert,
    status: int = 200,
    form: ContactForm | None = None,
    about_guardian: GuardianForm | None = None,
) -> HttpResponse:
    context = {
        "person": request.person,
        "alert": found,
        "owed_until": queries.owed_until(found),
        "late": bool((until := queries.owed_until(found)) and until < timezone.now()),
        "steps": found.steps.select_related("staff"),
        "answers": _answers(found),
        "may_read_answers": found.administration is not None and request.may(measures_permissions.READ),
        "call": found.call if request.may(ANSWER) or request.may(AFTERCARE) else None,
        "call_title": _(SLOTS[found.call.slot]) if found.call else "",
        "closing": queries.closing_of(found),
        "may_answer": request.may(ANSWER),
        "form": form or ContactForm(),
        "guardians": guardians.guardians(found),
        "guardian_form": about_guardian or GuardianForm(),
        "acute": found.risk_class == Alert.Class.ACUTE,
        "emergency_steps": EMERGENCY_STEPS,
    }
    return render(request, "safety/alerts/alert.html", context, status=status)


def _answers(found: Alert) -> list[measures.Question]:
    """The answers that count, where it was told in a questionnaire."""
    root = found.administration
    if root is None:
        return []
    rows = (root, measures.followed_by(root))
    return [question for row in rows if row for question in measures.questions(row) if question.is_critical]


@require_POST
@requires_chart(ANSWER)
def acknowledge(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """Say that one has seen it and takes it up."""
    found = _found(request, alert)
    with toasts.telling(request, _("Acknowledged. Now speak with the person.")):
        services.acknowledge(actor=request.actor, alert=found)
    return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)


@require_POST
@requires_chart(ANSWER)
def contact(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """Record contact with the person, or that it was tried."""
    found, form = _found(request, alert), ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, form=form)
    act = services.try_contact if request.POST.get("act") == "tried" else services.contact
    with toasts.telling(request, _("Recorded.")):
        act(actor=request.actor, alert=found, **form.cleaned_data)
    return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)


@require_POST
@requires_chart(ANSWER)
def guardian(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """About the guardian of a minor: told, tried, mailed in neutral words, or not told and why."""
    found, form = _found(request, alert), GuardianForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422, about_guardian=form)
    try:
        _about_guardian(request, found, form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _show(request, found, status=422, about_guardian=form)
    toasts.done(request, _("Recorded."))
    return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)


def _about_guardian(request: ChartRequest, found: Alert, told: dict[str, str]) -> None:
    act = request.POST.get("act", "")
    if act == "not":
        services.leave_guardian(actor=request.actor, alert=found, reason=told["note"])
    elif act == "mail":
        services.mail_guardian(actor=request.actor, alert=found, guardian=told["guardian"])
    else:
        say = services.try_guardian if act == "tried" else services.tell_guardian
        say(actor=request.actor, alert=found, guardian=told["guardian"], how=told["how"], note=told["note"])


@require_http_methods(["GET", "POST"])
@requires_chart(ANSWER)
def close(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """Document how the alert was answered, and sign: that closes it."""
    found = _found(request, alert)
    if not found.is_open:
        return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)
    if request.method == "GET":
        draft = queries.closing_of(found) or AlertClosing(alert=found, person=request.person)
        return _show_closing(request, found, _form(draft))
    try:
        draft, merged = _save(request, found)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)
    form, extra = _form(draft, request), ClosingSignForm(request.POST)
    if merged.clashes:
        return _show_closing(request, found, form, merged=merged, extra=extra)
    if request.POST.get("act") == "save":
        toasts.done(request, _("Draft saved."))
        return redirect("safety:close_alert", person=request.person.public_id, alert=found.public_id)
    return _sign(request, found, draft, form, extra)


def _sign(
    request: ChartRequest, found: Alert, draft: AlertClosing, form: ClosingForm, extra: ClosingSignForm
) -> HttpResponse:
    if not extra.is_valid():
        return _show_closing(request, found, form, extra=extra)
    typed = request.POST.get("typed_name", "")
    try:
        signed = services.sign_closing(
            actor=request.actor, closing=draft, typed_name=typed, **extra.cleaned_data
        )
    except Refused as refused:
        return _show_closing(request, found, form, refused=refused, extra=extra)
    waits = _("Signed. The alert stays open until a colleague has cosigned.")
    toasts.done(request, waits if signed.needs_cosign else _("Signed. The alert is closed."))
    return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)


@require_POST
@requires_chart(ANSWER)
def save_closing(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """The draft, as it is typed."""
    try:
        draft, merged = _save(request, _found(request, alert))
    except Refused as refused:  # signed meanwhile
        return HttpResponse(refused.sentence, status=409)
    theirs = {item.key for item in merged.clashes}
    fresh = [(key, fingerprint(merged.texts[key])) for key in merged.changed if key not in theirs]
    context = {"version": draft.version, "fresh": fresh, "clashes": bool(merged.clashes)}
    return render(request, "safety/saved.html", context)


@require_POST
@requires_chart(ANSWER)
def cosign(request: ChartRequest, person: str, alert: str) -> HttpResponse:
    """The second signature under the documentation of a trainee."""
    found = _found(request, alert)
    closing = queries.closing_of(found)
    if closing is None:
        raise Http404
    with toasts.telling(request, _("Cosigned. The alert is closed.")):
        services.cosign(actor=request.actor, closing=closing, typed_name=request.POST.get("typed_name", ""))
    return redirect("safety:alert", person=request.person.public_id, alert=found.public_id)


def _save(request: ChartRequest, found: Alert) -> tuple[AlertClosing, Merged]:
    draft = services.start_closing(actor=request.actor, alert=found)
    merged = services.save_closing(
        actor=request.actor,
        closing=draft,
        texts=request.POST.dict(),
        base=ClosingForm.posted_base(request.POST),
    )
    draft.refresh_from_db()
    return draft, merged


def _form(draft: AlertClosing, request: ChartRequest | None = None) -> ClosingForm:
    shown = {key: str(getattr(draft, key)) for key in KEYS}
    brief = draft.alert.risk_class == Alert.Class.WATCH
    return ClosingForm(request.POST if request else None, shown=shown, brief=brief)


def _show_closing(
    request: ChartRequest,
    found: Alert,
    form: ClosingForm,
    merged: Merged | None = None,
    refused: Refused | None = None,
    extra: ClosingSignForm | None = None,
) -> HttpResponse:
    clashes = merged.clashes if merged else ()
    context: dict[str, Any] = {
        "person": request.person,
        "alert": found,
        "form": form,
        "extra": extra or ClosingSignForm(),
        "refused": refused,
        "safety": papers.safety_of(request.person),
        "plan_since": queries.plan_since(found),
        "typed": request.POST.get("typed_name", ""),
        "imminent": IMMINENT,
        "emergency_steps": EMERGENCY_STEPS,
        "differences": [
            {"label": form[item.key].label, "mine": item.mine, "theirs": item.theirs} for item in clashes
        ],
    }
    refused_status = refused or clashes or (extra is not None and bool(extra.errors))
    return render(request, "safety/alerts/closing.html", context, status=422 if refused_status else 200)
