"""Trouble of the installation, on Today of those who answer for it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.operations import permissions
from dayward.foundation.operations.queries import read_health
from dayward.foundation.operations.words import told
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Context, Panel, today_panels


def trouble(request: StaffRequest) -> Reading[Context]:
    """Nothing as long as all is well."""
    findings = yield from read_health()
    wrong = [told(finding) for finding in findings if not finding.is_ok]
    return {"wrong": wrong} if wrong else None


def register() -> None:
    """Called by `apps.py`."""
    today_panels.register(TROUBLE.key, TROUBLE)


TROUBLE = Panel(
    "operations",
    _("The installation needs you"),
    "operations/today_panel.html",
    trouble,
    permissions.SEE,
    order=1,
)
