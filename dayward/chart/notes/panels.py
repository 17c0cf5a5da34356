"""The newest notes on the chart; one query."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from dayward.chart.notes import permissions, queries
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.panels import Panel

SHOWN = 6


def panel(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """What was written last."""
    rows = yield from all_of(queries.notes_of(person).standing()[:SHOWN])
    return {
        "notes": rows,
        "person": person,
        "may_write": request.may(permissions.WRITE),
        "panel_url": reverse("notes:chart", args=[person.public_id]),
    }


PANEL = Panel("notes", _("Notes"), "notes/panel.html", panel, permissions.READ, 70, "notes:chart")
