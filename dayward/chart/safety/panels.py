"""Where the chart shows what is known about safety: in its header always, and as a panel."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

from dayward.chart.safety import permissions, queries
from dayward.chart.safety.rules.plan import PARTS
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Panel


def panel(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """The plan itself, and the statement it answers; the header says in a line whether there is one."""
    safety = yield from queries.read_safety(person)
    texts = safety.plan.texts if safety.plan else {}
    parts = [(part.title, texts[part.key]) for part in PARTS if texts.get(part.key)]
    return {"safety": safety, "parts": parts, "person": person, "may_write": request.may(permissions.WRITE)}


HEADER = Panel("safety", _("Safety plan"), "safety/header.html", panel, permissions.READ, order=20)
PANEL = Panel("safety", _("Safety"), "safety/panel.html", panel, permissions.READ, 20, "safety:chart")
