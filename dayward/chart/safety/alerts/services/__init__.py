"""The only code that writes alerts."""

from __future__ import annotations

from dayward.chart.safety.alerts.services.acts import acknowledge, contact, try_contact
from dayward.chart.safety.alerts.services.closing import cosign, save_closing, sign_closing, start_closing
from dayward.chart.safety.alerts.services.raising import answered, told_in_a_call, withdrawn, worsened
from dayward.chart.safety.alerts.services.timer import heartbeat, ring, tell

__all__ = [
    "acknowledge",
    "answered",
    "contact",
    "cosign",
    "heartbeat",
    "ring",
    "save_closing",
    "sign_closing",
    "start_closing",
    "tell",
    "told_in_a_call",
    "try_contact",
    "withdrawn",
    "worsened",
]
