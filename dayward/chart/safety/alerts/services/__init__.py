"""The only code that writes alerts."""

from __future__ import annotations

from dayward.chart.safety.alerts.services.acts import acknowledge, contact, try_contact
from dayward.chart.safety.alerts.services.checkins import missed_checkins
from dayward.chart.safety.alerts.services.closing import cosign, save_closing, sign_closing, start_closing
from dayward.chart.safety.alerts.services.guardian import (
    leave_guardian,
    mail_guardian,
    tell_guardian,
    try_guardian,
)
from dayward.chart.safety.alerts.services.raising import answered, told_in_a_call, withdrawn, worsened
from dayward.chart.safety.alerts.services.testing import give_up_tests, ring_test, start_test, start_tests
from dayward.chart.safety.alerts.services.timer import heartbeat, ring, tell

__all__ = [
    "acknowledge",
    "answered",
    "contact",
    "cosign",
    "give_up_tests",
    "heartbeat",
    "leave_guardian",
    "mail_guardian",
    "missed_checkins",
    "ring",
    "ring_test",
    "save_closing",
    "sign_closing",
    "start_closing",
    "start_test",
    "start_tests",
    "tell",
    "tell_guardian",
    "told_in_a_call",
    "try_contact",
    "try_guardian",
    "withdrawn",
    "worsened",
]
