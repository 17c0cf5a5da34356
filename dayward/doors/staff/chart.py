"""The chart: one page per person, made of the panels that packages contribute."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people import permissions as people
from dayward.kernel.panels import Panel, chart_header, chart_panels, for_request
from dayward.kernel.permissions import requires_chart
from dayward.kernel.registry import Registry


@requires_chart(people.READ)
@require_GET
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """Everything this reader may see of one person, on one page with one audit entry."""
    context = {
        "person": request.person,
        "header": _rendered(request, chart_header),
        "panels": _rendered(request, chart_panels),
    }
    return render(request, "staff/chart.html", context)


def _rendered(request: ChartRequest, registry: Registry[Panel]) -> list[str]:
    return [
        render_to_string(panel.template, context, request)
        for panel in for_request(request, registry)
        if (context := panel.context(request, request.person)) is not None
    ]
