from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.chart.casework.forms.needs import MeetingForm, NeedForm, StepForm
from dayward.chart.casework.permissions import READ, WRITE
from dayward.chart.casework.queries import needs as queries
from dayward.chart.casework.services import meetings as meeting_services
from dayward.chart.casework.services import needs as services
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
@in_zone_of_person
def needs(request: ChartRequest, person: str) -> HttpResponse:
    """What somebody looks after for this person, with its next day; open another."""
    form, may_write = NeedForm(request.POST or None), request.may(WRITE)
    if request.method == "POST":
        if not may_write:
            raise Http404
        if form.is_valid() and _opened(request, form):
            return redirect("casework:needs", person=request.person.public_id)
    rows = list(queries.with_steps(queries.needs_of(request.person)))
    today = today_at(request.person)
    context = {
        "person": request.person,
        "form": form,
        "may_write": may_write,
        "open": queries.lines([row for row in rows if row.closed_at is None], today),
        "closed": [row for row in rows if row.closed_at is not None],
    }
    return render(request, "casework/needs.html", context, status=200 if request.method == "GET" else 422)


def _opened(request: ChartRequest, form: NeedForm) -> bool:
    try:
        services.open_need(actor=request.actor, person=request.person, wanted=form.wanted_need())
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("Written down. It is yours to look after."))
    return True


@require_http_methods(["GET", "POST"])
@requires_chart(WRITE)
@in_zone_of_person
def need(request: ChartRequest, person: str, need: str) -> HttpResponse:
    """One need: what was done, and the next step."""
    rows = queries.with_steps(queries.needs_of(request.person))
    row = get_object_or_404(rows, public_id=need)
    form = StepForm(request.POST or None, initial={"stage": row.stage, "next_on": row.next_on})
    if request.method == "POST" and form.is_valid():
        try:
            services.step(actor=request.actor, need=row, done=form.done())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Written down."))
            return redirect("casework:needs", person=request.person.public_id)
    context = {"person": request.person, "row": row, "form": form}
    return render(request, "casework/need.html", context, status=200 if request.method == "GET" else 422)


@require_POST
@requires_chart(WRITE)
def take_need(request: ChartRequest, person: str, need: str) -> HttpResponse:
    """Look after it yourself from now on."""
    row = get_object_or_404(queries.needs_of(request.person), public_id=need)
    with toasts.telling(request, _("It is yours to look after.")):
        services.hand_on(actor=request.actor, need=row, owner=request.staff)
    return redirect("casework:needs", person=request.person.public_id)


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
@in_zone_of_person
def meetings(request: ChartRequest, person: str) -> HttpResponse:
    """12-step and other meetings outside, as told; they never count as hours of treatment."""
    may_write = request.may(WRITE)
    form = MeetingForm(request.POST or None, initial={"on": today_at(request.person)})
    if request.method == "POST":
        if not may_write:
            raise Http404
        if form.is_valid() and _logged(request, form):
            return redirect("casework:meetings", person=request.person.public_id)
    context = {
        "person": request.person,
        "form": form,
        "may_write": may_write,
        "rows": queries.meetings_of(request.person),
    }
    return render(request, "casework/meetings.html", context, status=200 if request.method == "GET" else 422)


def _logged(request: ChartRequest, form: MeetingForm) -> bool:
    try:
        meeting_services.log_meeting(actor=request.actor, person=request.person, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    toasts.done(request, _("Written down."))
    return True


@require_POST
@requires_chart(WRITE)
def meeting_in_error(request: ChartRequest, person: str, meeting: str) -> HttpResponse:
    """Say that a meeting outside was written down by mistake."""
    row = get_object_or_404(queries.meetings_of(request.person), public_id=meeting)
    meeting_services.meeting_in_error(actor=request.actor, meeting=row)
    toasts.done(request, _("Marked as entered in error."))
    return redirect("casework:meetings", person=request.person.public_id)
