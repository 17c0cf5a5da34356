"""What somebody missed, and a seat that makes up for it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dayward.care.attendance import permissions
from dayward.care.attendance.queries.makeups import MissedSession, make_up_seats, missed_by, missed_one
from dayward.care.attendance.registries import may_be_made_up_alone
from dayward.care.attendance.services.makeups import book_make_up, book_make_up_visit
from dayward.care.schedule import services as schedule
from dayward.care.schedule.forms import BookReasonsForm, VisitForm
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.permissions import ENROLL
from dayward.care.schedule.views.people import undo_booking
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


@requires_chart(permissions.READ)
@require_safe
def makeups(request: ChartRequest, person: str) -> HttpResponse:
    """What was missed in the last four weeks, and what makes up for it"""
    rows = missed_by(request.person)
    context = {
        "person": request.person,
        "open": [row for row in rows if row.open],
        "made_up": [row for row in rows if not row.open],
        "may_book": request.may(ENROLL),
    }
    return render(request, "attendance/makeups.html", context)


@requires_chart(ENROLL)
@require_http_methods(["GET", "POST"])
def makeup(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """The seats that could make up for one missed session; a POST books one of them"""
    if held_back := refused_in_need(request, ENROLL, "schedule:person_week"):
        return held_back
    missed = missed_one(request.person, booking)
    if missed is None:
        raise Http404
    sentences: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            return _booked(request, missed)
        except Refused as refused:
            sentences = refused.reasons
    context: dict[str, Any] = {
        "person": request.person,
        "missed": missed,
        "seats": make_up_seats(missed, request.person) if missed.open else [],
        "alone": missed.open and (missed.of_their_own or _alone(request, missed)),
        "sentences": sentences,
        "now": timezone.now(),
    }
    return render(request, "attendance/makeup.html", context, status=422 if sentences else 200)


@requires_chart(ENROLL)
@require_http_methods(["GET", "POST"])
def makeup_visit(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """A session of their own for one that was missed; in place of a group only where the plan says so"""
    if held_back := refused_in_need(request, ENROLL, "schedule:person_week"):
        return held_back
    missed = missed_one(request.person, booking)
    if missed is None or not (missed.of_their_own or _alone(request, missed)):
        raise Http404
    form, reasons = _visit_form(request, missed), BookReasonsForm(request.POST or None)
    needs: set[str] = set()
    if request.method == "POST" and form.is_valid() and reasons.is_valid():
        try:
            return _said(request, missed, _visit(request, missed, form, reasons))
        except Refused as refused:
            needs = {refused.needs} if isinstance(refused, schedule.NeedsReason) else set()
            for sentence in refused.reasons[:6]:
                form.add_error(None, sentence)
    context = {
        "person": request.person,
        "missed": missed,
        "form": form,
        "reasons": reasons,
        "needs": needs | {name for name in reasons.fields if request.POST.get(name)},
    }
    return render(request, "attendance/makeup_visit.html", context, status=422 if form.errors else 200)


def _alone(request: ChartRequest, missed: MissedSession) -> bool:
    """Whether the plan lets a session of their own make up for it."""
    return may_be_made_up_alone(request.person, missed.booking.session.service_id)


def _visit_form(request: ChartRequest, missed: MissedSession) -> VisitForm:
    """With whom, where and how long, as it was; the day is theirs to say."""
    first = missed.booking.session
    led = first.leaders.first()
    form = VisitForm(
        first.site,
        request.POST or None,
        initial={
            "staff": led.staff_id if led else None,
            "starts": first.span.start.astimezone(first.site.zone).time(),
            "minutes": int(first.span.length.total_seconds() // 60),
            "modality": first.modality,
            "room": first.room_id,
        },
    )
    if missed.of_their_own:
        del form.fields["service"]
    return form


def _visit(
    request: ChartRequest, missed: MissedSession, form: VisitForm, reasons: BookReasonsForm
) -> Booking:
    said = reasons.cleaned_data
    return book_make_up_visit(
        actor=request.actor,
        missed=missed.booking,
        staff=form.cleaned_data["staff"],
        place=form.place(),
        service=form.cleaned_data.get("service"),
        reasons=schedule.Reasons(own_hours=said["own_hours_reason"], check=said["check_reason"]),
    )


def _booked(request: ChartRequest, missed: MissedSession) -> HttpResponse:
    rows = Session.objects.filter(site__in=request.powers.places(ENROLL))
    wanted = get_object_or_404(rows, public_id=request.POST.get("session", ""))
    return _said(request, missed, book_make_up(actor=request.actor, missed=missed.booking, session=wanted))


def _said(request: ChartRequest, missed: MissedSession, seat: Booking) -> HttpResponse:
    words = {"title": seat.session.title, "when": missed.when}
    toasts.done(request, _("“%(title)s” makes up for %(when)s.") % words, undo_url=undo_booking(seat))
    return redirect("attendance:makeups", person=request.person.public_id)
