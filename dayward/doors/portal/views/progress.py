from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dayward.doors.portal import sessions
from dayward.doors.portal.queries import plan as plans
from dayward.doors.portal.queries import progress as queries
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.people.queries import today_at
from dayward.kernel.permissions import portal


@require_GET
@portal
@in_zone_of_person
def progress(request: PortalRequest) -> HttpResponse:
    """Hours, attendance, answers over time, and goals."""
    context = {
        "progress": queries.progress_of(request.person, today_at(request.person)),
        "own": plans.own_plan(request.person),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/progress.html", context)


@require_GET
@portal
def more(request: PortalRequest) -> HttpResponse:
    """Forms, letters, meetings outside."""
    return render(request, "portal/more.html", {"tablet": sessions.is_tablet(request)})
