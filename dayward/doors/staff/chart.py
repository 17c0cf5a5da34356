"""The chart: one page per person, made of the panels that packages contribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dayward.care.attendance import permissions as attendance
from dayward.care.journey.rules.screening import age_on
from dayward.chart.assessments import permissions as assessments
from dayward.doors.staff import permissions
from dayward.doors.staff.course import course_of
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.panels import Panel, chart_header, chart_panels, for_request
from dayward.kernel.permissions import requires_chart
from dayward.kernel.registry import Registry
from dayward.kernel.time import local_day

SIDE = 500  # panels from this order on stand in the narrow column


@dataclass(frozen=True)
class Drawn:
    """A panel as HTML."""

    key: str
    order: int
    html: str


@requires_chart(permissions.OPEN)
@require_GET
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """Everything this reader may see of one person: one request, one access check, one audit entry."""
    now = timezone.now()
    panels = _drawn(request, chart_panels)
    context = {
        "person": request.person,
        "age": _age(request, now),
        "header": _drawn(request, chart_header),
        "main": [panel for panel in panels if panel.order < SIDE],
        "side": [panel for panel in panels if panel.order >= SIDE],
        "course": course_of(request.person, now) if _reads_the_course(request) else None,
    }
    return render(request, "staff/chart.html", context)


def _reads_the_course(request: ChartRequest) -> bool:
    """It tells levels of care, holds, hours and why somebody is at risk: only for those who may read all of it."""
    return request.may(attendance.READ) and request.may(assessments.READ)


def _age(request: ChartRequest, now: Any) -> int | None:
    person = request.person
    if person.birth_date is None:
        return None
    return age_on(person.birth_date, local_day(now, person.site.zone) if person.site else now.date())


def _drawn(request: ChartRequest, registry: Registry[Panel]) -> list[Drawn]:
    found = []
    for panel in for_request(request, registry):
        context = panel.context(request, request.person)
        if context is None:
            continue
        url = reverse(panel.url_name, args=[request.person.public_id]) if panel.url_name else ""
        context = {"person": request.person, "panel_url": url, **context}
        found.append(Drawn(panel.key, panel.order, render_to_string(panel.template, context, request)))
    return found
