"""The chart: one page per person, made of the panels that packages contribute."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dayward.care.attendance import permissions as attendance
from dayward.care.journey.rules.screening import age_on
from dayward.chart.assessments import permissions as assessments
from dayward.chart.measures import permissions as measures
from dayward.chart.medications import permissions as medications
from dayward.chart.safety import permissions as safety
from dayward.doors.staff import permissions
from dayward.doors.staff.course import Course, read_course
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, alone, both
from dayward.kernel.panels import Context, Panel, chart_header, chart_panels, contexts, for_request
from dayward.kernel.permissions import requires_chart

TOLD = (attendance.READ, assessments.READ, measures.READ, medications.READ, safety.READ)
ANCHOR = re.compile(r'id="(panel-[\w-]+)"')
WEEK = "week"  # the panel whose week is the last one of the course
SIDE = 500  # panels from this order on stand in the narrow column


@dataclass(frozen=True)
class Drawn:
    """A panel as HTML."""

    key: str
    order: int
    html: str
    title: str = ""

    @property
    def anchor(self) -> str:
        """The id that its template gave it, for the list of jumps."""
        found = ANCHOR.search(self.html)
        return found[1] if found else ""


@requires_chart(permissions.OPEN)
@require_GET
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """The chart: everything its reader may see of one person."""
    now = timezone.now()
    header, panels = for_request(request, chart_header), for_request(request, chart_panels)
    parts = contexts([*header, *panels], request, request.person)
    shown, course = alone(both(parts, _course(request, now)))
    drawn = _drawn(request, panels, shown[len(header) :])
    context = {
        "person": request.person,
        "age": _age(request, now),
        "header": _drawn(request, header, shown[: len(header)]),
        "jumps": [panel for panel in drawn if panel.anchor],
        "main": [panel for panel in drawn if panel.order < SIDE],
        "side": [panel for panel in drawn if panel.order >= SIDE],
        "course": _with_week(course, panels, shown[len(header) :]),
    }
    return render(request, "staff/chart.html", context)


def _course(request: ChartRequest, now: datetime) -> Reading[Course | None]:
    """It tells of hours, scores, medication and risk: only for those who may read all of it."""
    if not all(request.may(word) for word in TOLD):
        return None
    return (yield from read_course(request.person, now, request.GET.get("course", "")))


def _with_week(course: Course | None, panels: Sequence[Panel], shown: Sequence[Context]) -> Course | None:
    """The panel of the week has counted it already."""
    told = next((context for panel, context in zip(panels, shown, strict=True) if panel.key == WEEK), None)
    return course.with_week(told["week"]) if course and told else course


def _age(request: ChartRequest, now: datetime) -> int | None:
    person = request.person
    if person.birth_date is None:
        return None
    return age_on(person.birth_date, today_at(person, now))


def _drawn(request: ChartRequest, panels: Sequence[Panel], shown: Sequence[Context]) -> list[Drawn]:
    found = []
    for panel, context in zip(panels, shown, strict=True):
        if context is None:
            continue
        url = reverse(panel.url_name, args=[request.person.public_id]) if panel.url_name else ""
        context = {"person": request.person, "panel_url": url, **context}
        html = render_to_string(panel.template, context, request)
        found.append(Drawn(panel.key, panel.order, html, _(panel.title)))
    return found
