from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.chart.assessments.permissions import READ as READ_ASSESSMENTS
from dayward.chart.assessments.queries import allergies_of
from dayward.chart.measures.queries import ScorePoint, read_course
from dayward.chart.medications import queries, services
from dayward.chart.medications.forms import ChangeForm, CheckForm, ReconcileForm, StartForm
from dayward.chart.medications.models import Medication, MedicationChange, MedicationCheck
from dayward.chart.medications.permissions import PRESCRIBE, READ, REPORT
from dayward.chart.medications.rules.timeline import Point, Scores
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone, both
from dayward.kernel.permissions import requires_chart
from dayward.ui import drafts, toasts

USUAL_LOOK = timedelta(days=14)  # the prescriber changes it
SHOWN_SCORES = {"phq-9": ("PHQ-9", 27), "gad-7": ("GAD-7", 21)}


@require_GET
@requires_chart(READ)
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """The regimen over the scores, what is taken, what was reported, and each change."""
    found, course = alone(both(queries.read_record(request.person), read_course(request.person)))
    today = today_at(request.person)
    context = {
        "person": request.person,
        "taken": [row for row in found.listed if row.status != Medication.Status.STOPPED],
        "stopped": [row for row in found.listed if row.status == Medication.Status.STOPPED],
        "changes": [(row, queries.change_words(row)) for row in found.changes],
        "checks": found.checks,
        "reconciled": found.reconciled,
        "reported": found.reported,
        "picture": queries.regimen(found.listed, _scores(course), today),
        **_may(request),
    }
    return render(request, "medications/chart.html", context)


def _may(request: ChartRequest) -> dict[str, Any]:
    return {"may_report": request.may(REPORT), "may_prescribe": request.may(PRESCRIBE), **_allergies(request)}


def _allergies(request: ChartRequest) -> dict[str, Any]:
    """Wherever a medication is chosen or changed, they stand above it."""
    return {"allergies": allergies_of(request.person)} if request.may(READ_ASSESSMENTS) else {}


def _scores(course: list[ScorePoint]) -> list[Scores]:
    found: dict[str, list[Point]] = {}
    for score in course:
        if score.instrument in SHOWN_SCORES and score.total is not None:
            found.setdefault(score.instrument, []).append(Point(score.day, score.total))
    return [Scores(*SHOWN_SCORES[key], tuple(points)) for key, points in found.items()]


@require_http_methods(["GET", "POST"])
@requires_chart(REPORT)
def start(request: ChartRequest, person: str) -> HttpResponse:
    """Put a medication on the list."""
    reported = queries.reported_open(request.person).filter(public_id=request.GET.get("from", "")).first()
    form = StartForm(
        request.POST or None, may_prescribe=request.may(PRESCRIBE), initial=_initial(request, reported)
    )
    refused = None
    if request.method == "POST" and form.is_valid():
        what = form.what()
        if what.ours and not request.may(PRESCRIBE):
            form.add_error("ours", _("Only a prescriber puts something of ours on the list."))
        else:
            try:
                services.start(
                    actor=request.actor,
                    person=request.person,
                    what=services.NewMedication(**{**what.__dict__, "reported": reported}),
                    wanted=form.wanted(MedicationChange.Kind.START),
                    typed_name=request.POST.get("typed_name", ""),
                )
            except Refused as caught:
                refused = caught
            else:
                toasts.done(request, _("The medication is on the list."))
                return redirect("medications:chart", person=request.person.public_id)
    context = {
        "person": request.person,
        "form": form,
        "reported": reported,
        "refused": refused,
        **_may(request),
    }
    return render(request, "medications/start.html", context, status=200 if request.method == "GET" else 422)


def _initial(request: ChartRequest, reported: Any) -> dict[str, Any]:
    """Today, and what the assessment said of it."""
    today = today_at(request.person)
    initial: dict[str, Any] = {"on": today, "ours": "yes", "next_look_on": None}
    if request.may(PRESCRIBE):
        initial["next_look_on"] = today + USUAL_LOOK
    if reported is not None:
        initial |= {
            "name": reported.text,
            "dose": reported.dose,
            "indication": reported.reason,
            "reason": _("Taken already: %(source)s") % {"source": reported.get_source_display()},
            "ours": "no",
            "next_look_on": None,  # whoever prescribes it looks at it
        }
    return initial


@require_http_methods(["GET", "POST"])
@requires_chart(REPORT)
def change(request: ChartRequest, person: str, medication: str) -> HttpResponse:
    """Raise, lower, hold, resume or stop one medication."""
    rows = queries.list_of(request.person, everything=True)
    row = get_object_or_404(rows, public_id=medication)
    may_change = request.may(PRESCRIBE) if row.ours else True
    today = today_at(request.person)
    form = ChangeForm(
        request.POST or None,
        status=row.status,
        initial={
            "on": today,
            "dose": row.dose,
            "frequency": row.frequency,
            "next_look_on": today + USUAL_LOOK if row.ours else None,
        },
    )
    refused = None
    if request.method == "POST" and may_change and form.is_valid():
        try:
            services.change(
                actor=request.actor,
                medication=row,
                wanted=form.wanted(form.cleaned_data["kind"]),
                typed_name=request.POST.get("typed_name", ""),
            )
        except Refused as caught:
            refused = caught
        else:
            toasts.done(request, _("The change is written down."))
            return redirect("medications:chart", person=request.person.public_id)
    context = {
        "person": request.person,
        "row": row,
        "form": form,
        "refused": refused,
        "may_change": may_change,
        "changes": [(each, queries.change_words(each)) for each in getattr(row, "told")],  # noqa: B009
        **_allergies(request),
    }
    return render(request, "medications/change.html", context, status=200 if request.method == "GET" else 422)


@require_POST
@requires_chart(REPORT)
def change_in_error(request: ChartRequest, person: str, change: str) -> HttpResponse:
    """Take the newest change of a medication back; it stays readable."""
    row = get_object_or_404(queries.changes_of(request.person), public_id=change)
    with toasts.telling(request, _("Taken back. The list says what it said before.")):
        if row.medication.ours and not request.may(PRESCRIBE):
            raise Refused(_("A prescriber takes back what a prescriber signed."))
        services.enter_in_error(actor=request.actor, change=row, reason=request.POST.get("reason", ""))
    return redirect("medications:chart", person=request.person.public_id)


@require_http_methods(["GET", "POST"])
@requires_chart(REPORT)
@drafts.keeps_draft()
def check(request: ChartRequest, person: str) -> HttpResponse:
    """What the person reports: adherence and side effects since the last look."""
    today: date = today_at(request.person)
    form = CheckForm(request.POST or None, initial={"on": today})
    drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            with drafts.sent(request):
                services.record_check(actor=request.actor, person=request.person, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("The report is in the chart."))
            return redirect("medications:chart", person=request.person.public_id)
    last: MedicationCheck | None = queries.checks_of(request.person).first()
    context = {"person": request.person, "form": form, "last": last}
    return render(request, "medications/check.html", context, status=200 if request.method == "GET" else 422)


@require_POST
@requires_chart(REPORT)
def check_in_error(request: ChartRequest, person: str, check: str) -> HttpResponse:
    """Say that a report was written down by mistake."""
    row = get_object_or_404(queries.checks_of(request.person), public_id=check)
    services.check_in_error(actor=request.actor, check=row)
    toasts.done(request, _("Marked as entered in error."))
    return redirect("medications:chart", person=request.person.public_id)


@require_http_methods(["GET", "POST"])
@requires_chart(REPORT)
def reconcile(request: ChartRequest, person: str) -> HttpResponse:
    """The outside list, what the person says and our list, side by side."""
    form = ReconcileForm(request.POST or None, initial={"occasion": "admission"})
    if request.method == "POST" and form.is_valid():
        services.reconcile(actor=request.actor, person=request.person, **form.cleaned_data)
        toasts.done(request, _("Gone through. The lists are kept as they stand now."))
        return redirect("medications:chart", person=request.person.public_id)
    context = {
        "person": request.person,
        "form": form,
        "lines": queries.three_lists(request.person),
        "before": queries.reconciliations_of(request.person),
    }
    return render(
        request, "medications/reconcile.html", context, status=200 if request.method == "GET" else 422
    )
