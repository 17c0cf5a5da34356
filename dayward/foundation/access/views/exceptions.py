"""What in the trail is out of the ordinary, for compliance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dayward.foundation.access import exceptions, services
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.audit import permissions as audit
from dayward.kernel.permissions import requires

PERIODS = (1, 7, 30)  # days


@requires(audit.READ)
@require_GET
def ranked(request: StaffRequest) -> HttpResponse:
    """Openings of charts that are out of the ordinary, with the reason, the heaviest first."""
    days = next((one for one in PERIODS if str(one) == request.GET.get("days")), 7)
    since = exceptions.since_days(days)
    everywhere = request.powers.everywhere(audit.READ)
    sites = None if everywhere else request.powers.sites(audit.READ)
    page = exceptions.chart_lines(since, sites, request.GET.get("page", ""))
    services.audit_list(request, [line.person for line in page if line.person])
    context = {
        "page": page,
        "accounts": exceptions.account_lines(since) if everywhere and page.number == 1 else [],
        "days": days,
        "periods": PERIODS,
    }
    return render(request, "access/exceptions.html", context)
