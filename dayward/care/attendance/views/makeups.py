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
from dayward.care.attendance.services.makeups import book_make_up
from dayward.care.schedule.models import Session
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
        "sentences": sentences,
        "now": timezone.now(),
    }
    return render(request, "attendance/makeup.html", context, status=422 if sentences else 200)


def _booked(request: ChartRequest, missed: MissedSession) -> HttpResponse:
    wanted = get_object_or_404(Session, public_id=request.POST.get("session", ""))
    seat = book_make_up(actor=request.actor, missed=missed.booking, session=wanted)
    words = {"title": seat.session.title, "when": missed.when}
    toasts.done(request, _("“%(title)s” makes up for %(when)s.") % words, undo_url=undo_booking(seat))
    return redirect("attendance:makeups", person=request.person.public_id)
