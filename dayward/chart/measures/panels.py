from __future__ import annotations

from dayward.chart.measures import permissions
from dayward.kernel.panels import Panel

PANEL = Panel(
    "measures", "Measures", "measures/panel.html", lambda request, person: None, permissions.READ, order=40
)
