"""A person's week: minutes against the floor, opened to its rows; and corrections."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.care.attendance import permissions, services
from dayward.care.attendance.forms import CorrectionForm, ExemptionForm, instant_of
from dayward.care.attendance.models import WeekExemption
from dayward.care.attendance.queries import week_of
from dayward.care.schedule.models import Booking
from dayward.care.schedule.permissions import ENROLL
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day, written_day
from dayward.ui import toasts


@requires_chart(permissions.READ)
@require_safe
def week(request: ChartRequest, person: str) -> HttpResponse:
    """The week that holds `?day=`, this week without it."""
    day = written_day(request.GET.get("day", "")) or today_at(request.person)
    return _page(request, day, None)


def _page(request: ChartRequest, day: date, form: ExemptionForm | None) -> HttpResponse:
    counted = week_of(request.person, day)
    exemption = WeekExemption.objects.filter(
        person_id__in=request.person.all_ids, start=counted.start, withdrawn_at=None
    ).select_related("set_by")
    context = {
        "person": request.person,
        "week": counted,
        "before": counted.start - timedelta(days=1),
        "after": counted.end + timedelta(days=1),
        "may_correct": request.may(permissions.ROLL),
        "may_book": request.may(ENROLL),
        "panel_url": reverse("attendance:week", args=[request.person.public_id]),
        "exemption": exemption.first(),
        "may_exempt": request.may(permissions.EXEMPT),
        "form": form or ExemptionForm(initial={"start": counted.start}),
        "refused": form is not None,
    }
    return render(request, "attendance/week.html", context, status=422 if form else 200)


@requires_chart(permissions.EXEMPT)
@require_POST
def exempt(request: ChartRequest, person: str) -> HttpResponse:
    """Somebody says why nothing follows from a week under the floor"""
    form = ExemptionForm(request.POST)
    if not form.is_valid():
        return _page(request, written_day(request.POST.get("start", "")) or today_at(request.person), form)
    try:
        row = services.exempt_week(actor=request.actor, person=request.person, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(request, form.cleaned_data["start"], form)
    undo = reverse("attendance:withdraw_exemption", args=[request.person.public_id, row.public_id])
    toasts.done(request, _("The week is exempt."), undo_url=undo)
    return _back_to(request, row.start)


@requires_chart(permissions.EXEMPT)
@require_POST
def withdraw(request: ChartRequest, person: str, exemption: str) -> HttpResponse:
    """The week is held against its floor again"""
    rows = WeekExemption.objects.filter(person_id__in=request.person.all_ids)
    row = get_object_or_404(rows, public_id=exemption)
    with toasts.telling(request, _("The week is held against its floor again.")):
        services.withdraw_exemption(actor=request.actor, exemption=row)
    return _back_to(request, row.start)


def _back_to(request: ChartRequest, start: date) -> HttpResponse:
    url = reverse("attendance:week", args=[request.person.public_id])
    return redirect(f"{url}?day={start.isoformat()}")


@requires_chart(permissions.ROLL)
@require_http_methods(["GET", "POST"])
def correct(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """A new row with a reason; the old one stays in the record."""
    seat = get_object_or_404(
        Booking.objects.standing().select_related("session__site", "person"),
        public_id=booking,
        person_id__in=request.person.all_ids,
    )
    form = CorrectionForm(request.POST or None, initial=_as_it_is(seat))
    if request.method == "POST" and form.is_valid():
        try:
            _correct(request, seat, form)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Corrected."))
            day = local_day(seat.session.span.start, seat.session.site.zone)
            url = reverse("attendance:week", args=[request.person.public_id])
            return redirect(f"{url}?day={day.isoformat()}")
    context = {"person": request.person, "seat": seat, "form": form, "history": _history(seat)}
    return render(request, "attendance/correct.html", context)


def _as_it_is(seat: Booking) -> dict[str, object]:
    zone = seat.session.site.zone
    rows = services.standing_intervals(seat)
    came = rows[0].came_in if rows else seat.session.span.start
    went = (rows[-1].went_out if rows else None) or seat.session.span.end
    return {
        "was": "there" if rows else "",
        "came_in": came.astimezone(zone).time(),
        "went_out": went.astimezone(zone).time(),
    }


def _correct(request: ChartRequest, seat: Booking, form: CorrectionForm) -> None:
    data = form.cleaned_data
    if data["was"] == "away":
        services.correct_absent(actor=request.actor, booking=seat, kind=data["kind"], reason=data["reason"])
        return
    services.correct_times(
        actor=request.actor,
        booking=seat,
        came_in=instant_of(seat.session, data["came_in"]),
        went_out=instant_of(seat.session, data["went_out"]),
        reason=data["reason"],
    )


def _history(seat: Booking) -> list[object]:
    """Everything ever written about this seat, newest first."""
    rows = seat.intervals.select_related("recorded_by", "replaces").order_by("-recorded_at")
    return list(rows)
