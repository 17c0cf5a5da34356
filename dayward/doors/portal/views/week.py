from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_GET

from dayward.doors.portal import queries, sessions
from dayward.doors.portal.queries import plan as plans
from dayward.doors.portal.queries import questions
from dayward.doors.portal.stages import Stage, stage_of_request
from dayward.doors.portal.views.after import after_page
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.consent.queries import today_at
from dayward.foundation.organization.models import Site
from dayward.kernel.permissions import portal, public

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
        "today": today,
        "waiting": [sheet for sheet in found.sheets if not sheet.item.is_done],
        "questions": questions.waiting_for(request.person),
        "to_sign": plans.to_sign(request.person),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/week.html", context)


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
    files = [static(name) for name in ("ui/dayward.css", "ui/components.css", "parts/tabler/tabler.min.css")]
    return render(request, "portal/worker.js", {"files": files}, content_type="text/javascript")
