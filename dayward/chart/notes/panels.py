"""The newest notes on the chart; one query."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from dayward.chart.notes import permissions, queries
from dayward.chart.notes.models import Note
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Panel
from dayward.kernel.prepared import Among, Prepared, Slot

SHOWN = 6
IN_A_LINE = ("service", "session", "objective", "signature", "saved_by")


NEWEST = Prepared(
    lambda: (
        queries.notes_told(Note.objects.standing().filter(Among("person", Slot("people"))))
        .select_related(None)
        .select_related(*IN_A_LINE)[:SHOWN]
    )
)


def panel(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """What was written last."""
    rows = yield from NEWEST.reading(people=person.all_ids)
    return {
        "notes": rows,
        "person": person,
        "may_write": request.may(permissions.WRITE),
        "panel_url": reverse("notes:chart", args=[person.public_id]),
    }


PANEL = Panel("notes", _("Notes"), "notes/panel.html", panel, permissions.READ, 70, "notes:chart")
