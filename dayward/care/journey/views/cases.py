"""The page of one intake case, and the forms that carry it on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dayward.care.journey import services
from dayward.care.journey.forms.intake import CaseForm, CloseForm, ContactForm, HandoverForm, WaitForm
from dayward.care.journey.models import AdmissionItem, Handoff
from dayward.care.journey.permissions import DECIDE, INTAKE, OVERRIDE, PIPELINE
from dayward.care.journey.queries.case_page import case_page
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.views.acts import act, case_of, once, page_of
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.queries import reached_by
from dayward.kernel.permissions import requires_chart
from dayward.ui.drafts import keeps_draft


@requires_chart(PIPELINE)
def show(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Where the case stands, what is next, what is missing and who can give it."""
    found = case_of(request, case)
    page = case_page(found, now=timezone.now())
    may = {"intake": request.may(INTAKE), "decide": request.may(DECIDE), "override": request.may(OVERRIDE)}
    return render(request, "journey/case.html", {"case": found, "page": page, "may": may})


@requires_chart(INTAKE)
@keeps_draft()
def contact(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Log a try to reach the person, and plan the next one."""
    found = case_of(request, case)
    form = ContactForm(request.POST or None)

    def run() -> object:
        data = form.cleaned_data
        return services.log_contact(
            actor=request.actor,
            case=found,
            mode=data["mode"],
            outcome=data["outcome"],
            note=data["note"],
            next_at=form.next_at(found.site),
        )

    context = {"case": found, "points": reached_by(found.person)}
    return act(
        request,
        form=form,
        run=run,
        done=_("Contact written down."),
        back=page_of(found),
        template="journey/contact.html",
        context=context,
    )


@requires_chart(INTAKE)
@keeps_draft()
def hand_off(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """A warm hand-off; it closes the case, or the way goes on."""
    return _hand_off(request, case)


@requires_chart(DECIDE)
@keeps_draft()
def hand_over(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """After the decision: handed over to a higher or a lower level, by a clinician (T9)."""
    return _hand_off(request, case)


def _hand_off(request: ChartRequest, case: str) -> HttpResponse:
    found = case_of(request, case)
    form = HandoverForm(request.POST or None, initial={"route": request.GET.get("route", "")})

    def run() -> object:
        if form.cleaned_data["closes"] == "close":
            return services.refer_out(
                actor=request.actor, case=found, handover=form.handover(), note=form.cleaned_data["note"]
            )
        return services.log_handoff(actor=request.actor, case=found, handover=form.handover())

    context = {"case": found, "emergency": request.GET.get("route") == Handoff.Route.EMERGENCY}
    return act(
        request,
        form=form,
        run=run,
        done=_("Hand-off written down."),
        back=page_of(found),
        template="journey/hand_off.html",
        context=context,
    )


@requires_chart(INTAKE)
@keeps_draft()
def wait(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Put on a waitlist, with help meanwhile."""
    found = case_of(request, case)
    form = WaitForm(request.POST or None, case=found)

    def run() -> object:
        return services.put_on_waitlist(
            actor=request.actor, case=found, plan=form.plan(), reason=form.cleaned_data["reason"]
        )

    return act(
        request,
        form=form,
        run=run,
        done=_("On the waitlist. The first contact is due within a week."),
        back=page_of(found),
        template="journey/act.html",
        context={
            "case": found,
            "person": found.person,
            "title": _("Put on the waitlist"),
            "icon": "hourglass",
        },
    )


@requires_chart(INTAKE)
@keeps_draft()
def close(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Withdrawn, not reached, or declined."""
    found = case_of(request, case)
    form = CloseForm(request.POST or None)

    def run() -> object:
        data = form.cleaned_data
        return services.close_case(actor=request.actor, case=found, how=data["how"], reason=data["reason"])

    return act(
        request,
        form=form,
        run=run,
        done=_("Case closed. If the person calls again, a new one is opened and linked."),
        back=page_of(found),
        template="journey/close.html",
        context={"case": found, "steps": steps_for(found, ("close_no_contact",))},
    )


@requires_chart(INTAKE)
@keeps_draft()
def edit(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Owner, program, entry mode and sending facility."""
    found = case_of(request, case)
    names = (
        "entry_mode",
        "sending_facility",
        "facility_discharge_date",
        "referring_clinician",
        "hospital_diversion",
    )
    initial = {name: getattr(found, name) for name in names} | {"version": found.version}
    initial |= {
        "owner": found.owner and found.owner.public_id,
        "program": found.program and found.program.public_id,
    }
    form = CaseForm(request.POST or None, case=found, initial=initial)

    def run() -> object:
        return services.edit_case(actor=request.actor, case=found, **form.cleaned_data)

    return act(
        request,
        form=form,
        run=run,
        done=_("Saved."),
        back=page_of(found),
        template="journey/act.html",
        context={
            "case": found,
            "person": found.person,
            "title": _("About this case"),
            "icon": "edit",
            "button": _("Save"),
        },
    )


@requires_chart(INTAKE)
@require_POST
def miss(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """The person did not come to the assessment."""
    found = case_of(request, case)
    return once(
        request,
        run=lambda: services.miss_assessment(actor=request.actor, case=found),
        done=_("Written down. Call the person today and book again."),
        back=page_of(found),
    )


@requires_chart(INTAKE)
@require_POST
def paper(request: ChartRequest, person: str, case: str) -> HttpResponse:
    """Tick something that was gone through with the person."""
    found = case_of(request, case)
    kind = request.POST.get("kind", "")
    if kind not in AdmissionItem.Kind.values:
        return once(request, run=_nothing, done=_("Nothing was ticked."), back=page_of(found))
    return once(
        request,
        run=lambda: services.tick_paper(
            actor=request.actor, case=found, kind=kind, note=request.POST.get("note", "")
        ),
        done=_("Written down."),
        back=page_of(found),
    )


@requires_chart(OVERRIDE)
@require_POST
def death(request: ChartRequest, person: str) -> HttpResponse:
    """The death is recorded on the person: close what is open, with care."""
    return once(
        request,
        run=lambda: services.close_for_death(actor=request.actor, person=request.person),
        done=_("Everything that was open is closed."),
        back=reverse("staff:chart", args=[request.person.public_id]),
    )


def _nothing() -> None:
    """A form without a choice."""
