"""The pipeline board: who waits for what, the most overdue first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from dayward.care.journey.permissions import INTAKE, PIPELINE, RULES
from dayward.care.journey.queries.cases import pipeline, shown_of, waiting_lines, waitlisted
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.kernel.gathering import alone
from dayward.kernel.panels import contexts, for_request, pipeline_panels
from dayward.kernel.permissions import requires

ON_PAGE = 40  # of the waitlist


@requires(PIPELINE)
def board(request: StaffRequest) -> HttpResponse:
    """Open cases by next action; filtered by site and by owner."""
    sites, theirs = request.powers.places(PIPELINE), request.powers.bound(PIPELINE, site="site")
    chosen = next((site for site in sites if site.public_id == request.GET.get("site")), None)
    mine = request.GET.get("owner") == "me"
    owner = request.staff if mine else None
    lanes = pipeline(sites, now=timezone.now(), site=chosen, owner=owner, within=theirs)
    shown = shown_of(lanes, request.GET.get("lane"))
    audit_list(request, [line.case.person for _lane, lines in shown for line in lines])
    context = {
        "shown": shown,
        "total": sum(len(lane.lines) for lane in lanes),
        "danger": sum(bool(line.flags) for lane in lanes for line in lane.lines),
        "late": sum(line.urgency == "late" for lane in lanes for line in lane.lines),
        "may_intake": request.may(INTAKE),
        "may_rule": request.may(RULES),
        "before": _before(request),
        "sites": sites,
        **filters(sites, chosen, mine=mine),
    }
    return render(request, "journey/pipeline.html", context)


def _before(request: StaffRequest) -> list[str]:
    """What waits to become a case: panels of packages above (referral documents)."""
    panels = for_request(request, pipeline_panels)
    found = zip(panels, alone(contexts(panels, request)), strict=True)
    return [
        render_to_string(panel.template, context, request) for panel, context in found if context is not None
    ]


def filters(sites: list[Site], chosen: Site | None, *, mine: bool) -> dict[str, Any]:
    """The tabs: whose cases, and at which site; each keeps the other's choice."""

    def url(site: Site | None, own: bool) -> str:
        asked = {"site": site.public_id if site else "", "owner": "me" if own else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    tabs = [{"name": site.name, "url": url(site, mine), "active": site == chosen} for site in sites]
    return {
        "mine": mine,
        "everybody": not mine,
        "all_url": url(chosen, own=False),
        "mine_url": url(chosen, own=True),
        "no_site": chosen is None,
        "every_site_url": url(None, mine),
        "site_tabs": tabs,
    }


@requires(PIPELINE)
def waitlist(request: StaffRequest) -> HttpResponse:
    """Who waits for an assessment or a seat, and whose weekly contact is due."""
    sites, theirs = request.powers.places(PIPELINE), request.powers.bound(PIPELINE, site="site")
    page = Paginator(waitlisted(sites, theirs), ON_PAGE).get_page(request.GET.get("page"))
    lines = waiting_lines(list(page.object_list), now=timezone.now())
    audit_list(request, [line.case.person for line in lines])
    return render(request, "journey/waitlist.html", {"lines": lines, "page": page})
