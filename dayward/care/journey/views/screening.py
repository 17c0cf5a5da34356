"""The pre-screen: one page, saved as it is typed, finished when the risk questions are answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.screening import ScreeningForm, differences, initial_of
from dayward.care.journey.models import IntakeCase, Screening
from dayward.care.journey.permissions import INTAKE
from dayward.care.journey.queries.cases import suggestion_for
from dayward.care.journey.queries.facts import screening_of
from dayward.care.journey.queries.words import suggestion_words
from dayward.care.journey.views.acts import case_of, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.queries import names_of
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


def version_of(request: ChartRequest) -> int:
    text = request.POST.get("version", "0")
    return int(text) if text.isdigit() else 0


@requires_chart(INTAKE)
def screening(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Show the form; save and finish on POST."""
    found = case_of(request, case)
    stored = screening_of(found)
    if request.method != "POST":
        return page(request, found, ScreeningForm(initial=initial_of(stored)), stored)
    form = ScreeningForm(request.POST)
    if not form.is_valid():
        return page(request, found, form, stored)
    try:
        save(request, found, form)
        if "finish" not in request.POST:
            toasts.done(request, _("Screening saved. Finish it when the risk questions are answered."))
            return HttpResponseRedirect(page_of(found))
        services.finish_screening(actor=request.actor, case=found)
    except Conflict:
        stored = Screening.objects.get(case=found)
        return page(request, found, form, stored, conflict=differences(stored, form.told()), status=409)
    except Refused as refused:
        form.add_error(None, " ".join(refused.reasons))
        return page(request, found, form, screening_of(found), status=409)
    toasts.done(request, _("Screening finished."))
    return HttpResponseRedirect(page_of(found))


def save(request: ChartRequest, case: IntakeCase, form: ScreeningForm) -> Screening:
    return services.save_screening(
        actor=request.actor, case=case, told=form.told(), version=version_of(request)
    )


def page(
    request: ChartRequest, case: IntakeCase, form: ScreeningForm, stored: Screening | None, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    context = {
        "case": case,
        "form": form,
        "version": stored.version if stored else 0,
        "suggestion": suggestion_words(suggestion_for(case, stored)),
        "finished": stored is not None and stored.finished_at is not None,
        "open": case.state == "inquiry",
        **more,
    }
    if more.get("conflict") and stored:
        context |= {"who": names_of([stored.saved_by]).get(stored.saved_by, ""), "when": stored.saved_at}
    return render(request, "journey/screening.html", context, status=status)


@requires_chart(INTAKE)
@require_POST
def draft(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Save while typing; answer with what the answers so far mean."""
    found = case_of(request, case)
    form = ScreeningForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    try:
        stored = save(request, found, form)
    except Conflict:
        return HttpResponse(status=409)
    words = suggestion_words(suggestion_for(found, stored))
    context = {"version": stored.version, "suggestion": words, "case": found, "oob": True}
    return render(request, "journey/draft_saved.html", context)
