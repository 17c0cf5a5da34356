"""Admission: the gates with what is missing and who can give it, the seat, the first week."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey import services
from dayward.care.journey.forms.episodes import AdmitForm
from dayward.care.journey.models import IntakeCase
from dayward.care.journey.permissions import INTAKE
from dayward.care.journey.queries.facts import terms_of, today_at
from dayward.care.journey.queries.slots import assessors
from dayward.care.journey.queries.steps import state_label, steps_for
from dayward.care.journey.views.acts import act, case_of, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart


@requires_chart(INTAKE)
def admit(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Hard gates refuse with the list; softer ones ask for a reason or warn."""
    found = case_of(request, case)
    staff = assessors(found.site, timezone.now())
    form = _form(request, found, staff)
    steps = steps_for(found, ("admit",)) if request.method == "GET" else ()
    context = {"case": found, "step": steps[0] if steps else None, "state": state_label(found.state)}
    return act(
        request,
        form=form,
        run=lambda: _admit(request, found, form),
        done=_("Admitted. Now find the week that fits."),
        back=page_of(found),
        template="journey/admit.html",
        context=context,
    )


def _form(request: ChartRequest, case: IntakeCase, staff: list[Any]) -> AdmitForm:
    program = case.program
    if program is None:
        return AdmitForm(None, program=None, staff=staff)
    today = today_at(case)
    try:
        terms = terms_of(program, today)
    except Refused:
        initial: dict[str, Any] = {"starts_on": today}
    else:
        hours = terms.prescribed_minutes / 60
        initial = {"starts_on": today, "days_per_week": terms.days_week_min, "hours": f"{hours:g}"}
    return AdmitForm(request.POST or None, program=program, staff=staff, initial=initial)


def _admit(request: ChartRequest, case: IntakeCase, form: AdmitForm) -> object:
    data = form.cleaned_data
    return services.admit(
        actor=request.actor,
        case=case,
        place=form.place(),
        therapist=form.chosen_therapist(),
        reason=data["reason"],
    )
