"""The measures of a person on the chart: raw scores, the sentence, the picture."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from dayward.chart.measures import permissions, queries
from dayward.chart.measures.sentences import courses
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Panel


def panel(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """One query."""
    points = yield from queries.read_course(person)
    return {
        "courses": courses(points),
        "person": person,
        "may_write": request.may(permissions.WRITE),
    }


PANEL = Panel(
    "measures",
    gettext_noop("Measures"),
    "measures/panel.html",
    panel,
    permissions.READ,
    order=40,
    url_name="measures:chart",
)
