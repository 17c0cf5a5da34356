from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.care.attendance.forms import PlaceForm
from dayward.care.attendance.queries.places import last_places, place_of
from dayward.care.attendance.services.places import EARLIEST, tell_place
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import Item
from dayward.doors.portal import queries, sessions
from dayward.doors.portal.queries import plan as plans
from dayward.doors.portal.queries import questions
from dayward.doors.portal.stages import Stage, stage_of_request
from dayward.doors.portal.views.after import after_page
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.organization.models import Site
from dayward.foundation.people.queries import today_at
from dayward.kernel.permissions import portal, public
from dayward.kernel.states import STATES
from dayward.ui import toasts

# What Help now and a kept safety plan look and work like, without a network.
KEPT_FILES = (
    "ui/dayward.css",
    "ui/components.css",
    "parts/tabler/tabler.min.css",
    "portal/portal.css",
    "portal/portal.js",
)
FARTHEST = timedelta(days=370)


@require_GET
@portal
@in_zone_of_person
def home(request: PortalRequest) -> HttpResponse:
    """My week, and what waits to be read."""
    if stage_of_request(request) is Stage.AFTER:
        return after_page(request)
    today = today_at(request.person)
    day = _day(request.GET.get("week", ""), today)
    found = queries.home_for(request.person, day, today, timezone.now())
    weeks = found.weeks
    context = {
        "person": request.person,
        "weeks": weeks,
        "shown": weeks[0].week,
        "is_this_week": weeks[0].week.start <= today <= weeks[0].week.end,
        "hours": found.hours,
        "next": found.next,
        **_place(request, found.next),
        "today": today,
        "waiting": [sheet for sheet in found.sheets if not sheet.item.is_done],
        "questions": questions.waiting_for(request.person),
        "to_sign": plans.to_sign(request.person),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/week.html", context)


def _place(request: PortalRequest, item: Item | None) -> dict[str, Any]:
    """Where they are is asked anew for each session by video, from two hours before it."""
    if item is None or not item.telehealth or timezone.now() < item.span.start - EARLIEST:
        return {}
    told, last = place_of(item.booking), last_places([request.person.pk]).get(request.person.pk)
    return {"ask_place": told is None, "place": told, "last_place": last, "states": STATES}


@require_POST
@portal
def where(request: PortalRequest, booking: str) -> HttpResponse:
    """Where I am now, for a session by video; then on to the video."""
    rows = Booking.objects.select_related("session__site", "person")
    found = get_object_or_404(rows, public_id=booking, person_id__in=request.person.all_ids)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        toasts.refuse(request, _("Write down the street and city, and choose the state."))
        return redirect("portal:home")
    with toasts.telling(request, _("Thank you. Your team knows where you are.")):
        tell_place(actor=request.actor, booking=found, **form.cleaned_data)
    return redirect("portal:home")


def _day(text: str, today: date) -> date:
    """A day within a year of today; anything else is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) <= FARTHEST else today


@require_GET
@public
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, signed in or not. Kept by the browser, so that it opens without a network."""
    response = render(request, "portal/help_now.html", {"sites": Site.objects.exclude(phone="")})
    response.headers["Cache-Control"] = "private, max-age=0"
    return response


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """The few lines that keep Help now in the browser; served from here so that they reach all of /my/."""
    files = [static(name) for name in KEPT_FILES]
    return render(request, "portal/worker.js", {"files": files}, content_type="text/javascript")
