"""Booking the assessment: the soonest times first."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey import services
from dayward.care.journey.forms.intake import SlotForm
from dayward.care.journey.models import IntakeCase
from dayward.care.journey.permissions import INTAKE
from dayward.care.journey.queries.slots import assessors, free_slots
from dayward.care.journey.views.acts import act, case_of, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import StaffMember
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import at


@requires_chart(INTAKE)
def book(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Offer times within 48 hours first, with how many people come after such a delay."""
    found = case_of(request, case)
    now = timezone.now()
    staff = assessors(found.site, now)
    free = free_slots(staff, found.site, now=now, asked_at=now)
    moving = found.state == "assessment_scheduled"
    form = SlotForm(request.POST or None, free=free, staff=staff, moving=moving)

    def run() -> object:
        reason = form.cleaned_data.get("reason", "")
        return services.book_assessment(
            actor=request.actor, case=found, slot=chosen(form, found, staff), reason=reason
        )

    return act(
        request,
        form=form,
        run=run,
        done=_("Assessment booked."),
        back=page_of(found),
        template="journey/book.html",
        context={"case": found, "free": free, "moving": moving},
    )


def chosen(form: SlotForm, case: IntakeCase, staff: list[StaffMember]) -> services.Slot:
    """The offered time that was chosen, or the clinician with day and time."""
    data = form.cleaned_data
    minutes, modality = data["minutes"] or 90, data["modality"]
    if data["slot"]:
        key, _space, starts = data["slot"].partition(" ")
        clinician = next(each for each in staff if each.public_id == key)
        return services.Slot(clinician, datetime.fromisoformat(starts), minutes, modality)
    return services.Slot(data["clinician"], at(data["day"], data["clock"], case.site.zone), minutes, modality)
