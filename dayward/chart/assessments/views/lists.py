from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.chart.assessments import queries, services
from dayward.chart.assessments.forms import AllergyForm, MedicationForm
from dayward.chart.assessments.models import Allergy, Diagnosis, ReportedMedication
from dayward.chart.assessments.permissions import READ, WRITE
from dayward.chart.assessments.views.common import find_assessment, steps
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.terms import queries as terms
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

KINDS: dict[str, type[Diagnosis] | type[ReportedMedication] | type[Allergy]] = {
    "diagnosis": Diagnosis,
    "medication": ReportedMedication,
    "allergy": Allergy,
}


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
def lists(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """Diagnoses, medications and allergies of a draft. What is searched for is posted: it stands in no address."""
    found = find_assessment(request, assessment)
    if found.is_signed:
        return redirect("assessments:review", request.person.public_id, found.public_id)
    q = request.POST.get("q", "")
    context = {
        "person": request.person,
        "assessment": found,
        "rows": queries.rows_of(found),
        "q": q,
        "codes": terms.search(q, 12),
        "medication_form": MedicationForm(prefix="m"),
        "allergy_form": AllergyForm(prefix="a"),
        "taking": ReportedMedication.Taking.choices,
        "steps": steps(request.person, found, "lists"),
    }
    return render(request, "assessments/lists.html", context)


@require_POST
@requires_chart(WRITE)
def codes(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """The codes for what is typed, each with a button that adds it."""
    found = find_assessment(request, assessment)
    q = request.POST.get("q", "")
    context = {"person": request.person, "assessment": found, "q": q, "codes": terms.search(q, 12)}
    return render(request, "assessments/codes.html", context)


def _back(request: ChartRequest, assessment: str, act: Callable[[], Any], anchor: str) -> HttpResponse:
    """Do it, say why not when it is refused, and go back to the lists."""
    with toasts.telling(request):
        act()
    return redirect(f"{reverse('assessments:lists', args=[request.person.public_id, assessment])}#{anchor}")


@require_POST
@requires_chart(WRITE)
def add_diagnosis(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """Put a code on the list of a draft."""
    found = find_assessment(request, assessment)
    code, note = request.POST.get("code", ""), request.POST.get("note", "")
    return _back(
        request,
        assessment,
        lambda: services.add_diagnosis(actor=request.actor, assessment=found, code=code, note=note),
        "diagnoses",
    )


@require_POST
@requires_chart(WRITE)
def add_medication(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """Put a medication on the list, or say that there is none."""
    found, form = find_assessment(request, assessment), MedicationForm(request.POST, prefix="m")
    if request.POST.get("none"):
        none = request.POST["none"] == "yes"
        return _back(
            request,
            assessment,
            lambda: services.say_no_medications(actor=request.actor, assessment=found, none=none),
            "medications",
        )
    if not form.is_valid():
        toasts.refuse(request, _("Write the name of the medication."))
        return _back(request, assessment, lambda: None, "medications")
    return _back(
        request,
        assessment,
        lambda: services.add_medication(actor=request.actor, assessment=found, **form.cleaned_data),
        "medications",
    )


@require_POST
@requires_chart(WRITE)
def add_allergy(request: ChartRequest, person: str, assessment: str) -> HttpResponse:
    """Put an allergy on the list, or say that none is known."""
    found, form = find_assessment(request, assessment), AllergyForm(request.POST, prefix="a")
    if request.POST.get("none"):
        return _back(
            request,
            assessment,
            lambda: services.say_no_allergies(actor=request.actor, assessment=found),
            "allergies",
        )
    if not form.is_valid():
        toasts.refuse(request, _("Write what the person is allergic to."))
        return _back(request, assessment, lambda: None, "allergies")
    return _back(
        request,
        assessment,
        lambda: services.add_allergy(
            actor=request.actor, person=found.person, assessment=found, **form.cleaned_data
        ),
        "allergies",
    )


@require_POST
@requires_chart(WRITE)
def change_row(request: ChartRequest, person: str, assessment: str, kind: str, row: str) -> HttpResponse:
    """One act on one row: take over, make primary, ask, or take off the list."""
    found = _row(request, assessment, kind, row)
    act, actor = request.POST.get("act", ""), request.actor
    acts: dict[str, Callable[[], Any]] = {"remove": lambda: services.enter_in_error(actor=actor, row=found)}
    if isinstance(found, Diagnosis):
        acts["take_over"] = lambda: services.take_over_diagnosis(actor=actor, diagnosis=found)
        acts["primary"] = lambda: services.make_primary(actor=actor, diagnosis=found)
    if isinstance(found, ReportedMedication):
        taking = request.POST.get("taking", "")
        acts["ask"] = lambda: services.ask_medication(actor=actor, medication=found, taking=taking)
    if act not in acts:
        raise Http404
    anchor = {"diagnosis": "diagnoses", "medication": "medications", "allergy": "allergies"}[kind]
    return _back(request, assessment, acts[act], anchor)


def _row(
    request: ChartRequest, assessment: str, kind: str, public_id: str
) -> Diagnosis | ReportedMedication | Allergy:
    if kind not in KINDS:
        raise Http404
    rows: Any = KINDS[kind]._default_manager.filter(
        person_id__in=request.person.all_ids, assessment__public_id=assessment
    )
    found: Diagnosis | ReportedMedication | Allergy = get_object_or_404(
        rows.select_related("assessment", "person"), public_id=public_id
    )
    return found


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
def allergies(request: ChartRequest, person: str) -> HttpResponse:
    """All known allergies of the person; one learned today is added here, outside any assessment."""
    form = AllergyForm(request.POST or None)
    may_write = request.may(WRITE)
    if request.method == "POST" and may_write and form.is_valid():
        services.add_allergy(actor=request.actor, person=request.person, **form.cleaned_data)
        toasts.done(request, _("The allergy stands in the header of the chart."))
        return redirect("assessments:allergies", request.person.public_id)
    context = {
        "person": request.person,
        "allergies": queries.allergies_of(request.person),
        "form": form,
        "may_write": may_write,
    }
    return render(request, "assessments/allergies.html", context, status=422 if form.errors else 200)


@require_POST
@requires_chart(WRITE)
def withdraw_allergy(request: ChartRequest, person: str, allergy: str) -> HttpResponse:
    """One that was learned outside an assessment turns out wrong."""
    rows = Allergy.objects.filter(person_id__in=request.person.all_ids, assessment__isnull=True)
    services.enter_in_error(actor=request.actor, row=get_object_or_404(rows, public_id=allergy))
    toasts.done(request, _("Marked as entered in error."))
    return redirect("assessments:allergies", request.person.public_id)
