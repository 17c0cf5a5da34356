"""For who checks that rules are kept: what was disclosed lately, and consents that end soon (3.9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.worklist.permissions import AUDIT
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.panels import Panel, today_panels

LATELY, SOON = timedelta(days=7), timedelta(days=30)
SHOWN = 6


def disclosures(request: StaffRequest) -> Reading[dict[str, Any]]:
    """The last of the week, the newest first."""
    rows = Disclosure.objects.filter(
        made_at__gte=timezone.now() - LATELY, person__site__in=request.powers.sites(AUDIT)
    )
    found = yield from all_of(rows.select_related("person").order_by("-made_at", "-pk"))
    audit_list(request, [row.person for row in found[:SHOWN]])
    return {"rows": found[:SHOWN], "total": len(found), "rest": len(found[SHOWN:])}


def ending(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """Consents in force whose last day is near."""
    today = timezone.localdate()
    rows = Consent.objects.filter(
        expires_on__range=(today, today + SOON),
        revoked_at=None,
        signature__isnull=False,
        person__site__in=request.powers.sites(AUDIT),
    )
    found = yield from all_of(rows.select_related("person").order_by("expires_on", "pk"))
    audit_list(request, [row.person for row in found[:SHOWN]])
    return {"rows": found[:SHOWN], "total": len(found), "rest": len(found[SHOWN:])} if found else None


def register() -> None:
    """Called by `apps.py`."""
    for panel in (DISCLOSED, ENDING):
        today_panels.register(panel.key, panel)


DISCLOSED = Panel(
    "disclosures",
    gettext_noop("Disclosures of the last 7 days"),
    "staff/disclosures.html",
    disclosures,
    AUDIT,
    30,
)
ENDING = Panel(
    "consents_ending", gettext_noop("Consents that end soon"), "staff/consents_ending.html", ending, AUDIT, 35
)
