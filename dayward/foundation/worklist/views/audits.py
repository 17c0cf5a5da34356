"""Every chart, every night: what was overdue, by rule, with the way to each gap."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.standards.models import ChartAudit, ChartAuditLine, Due
from dayward.foundation.standards.queries import audits as queries
from dayward.foundation.standards.queries import owed
from dayward.foundation.worklist import permissions
from dayward.foundation.worklist.lines import Line, each_line
from dayward.foundation.worklist.recounts import newest
from dayward.foundation.worklist.views.lists import tabs
from dayward.kernel.permissions import requires

SHOWN = 100  # gaps of one rule


@requires(permissions.OVERSEE)
@require_GET
def audits(request: StaffRequest) -> HttpResponse:
    """The newest night of each site, and how many gaps the nights before had."""
    sites = request.powers.sites(permissions.OVERSEE)
    nights = queries.nights(sites)
    rules = queries.by_rule_each([each.newest for each in nights])
    rows = [{"night": each, "rules": rules[each.newest.pk], "words": _course(each)} for each in nights]
    context = {"rows": rows, "recounts": list(newest()), "tabs": tabs(request, "audits")}
    return render(request, "worklist/audits.html", context)


def _course(nights: queries.Nights) -> str:
    first, last = nights.every[0], nights.every[-1]
    words = {"n": len(nights.every), "first": first.gaps, "last": last.gaps}
    return _("Gaps over %(n)d nights: %(first)d at first, %(last)d now") % words


@requires(permissions.OVERSEE)
@require_GET
def audit(request: StaffRequest, audit: str) -> HttpResponse:
    """One night of one site, and the nights around it."""
    found = _audit(request, audit)
    nights = next(each for each in queries.nights([found.site]))
    context = {
        "audit": found,
        "rules": queries.by_rule(found),
        "nights": list(reversed(nights.every)),
        "title": _title(found),
        "back": reverse("worklist:audits"),
    }
    return render(request, "worklist/audit.html", context)


@requires(permissions.OVERSEE)
@require_GET
def gaps(request: StaffRequest, audit: str, rule: str) -> HttpResponse:
    """The gaps that one night found by one rule, and which of them were closed since."""
    found = _audit(request, audit)
    row = get_object_or_404(ChartAuditLine, audit=found, rule=rule)
    dues = owed(Due.objects.filter(pk__in=row.dues[:SHOWN]))
    if not dues:
        raise Http404
    lines = [line for line in each_line(dues, request.powers, owners=True) if line.is_shown]
    audit_list(request, [person for line in lines for person in line.people])
    context = {
        "lines": [_gap(line) for line in lines],
        "more": len(row.dues) - len(lines),
        "title": _(dues[0].rule.title),
        "subtitle": _title(found),
        "back": reverse("worklist:audit", args=[found.public_id]),
    }
    return render(request, "worklist/gaps.html", context)


def _gap(line: Line) -> dict[str, Any]:
    """The thing itself where it is missing still; what was closed since, among what was done."""
    closed = not line.first.is_open
    done = reverse("worklist:person", args=[line.person.public_id]) if line.person else ""
    return {"line": line, "url": f"{done}#panel-done" if closed and done else line.url, "closed": closed}


def _title(audit: ChartAudit) -> str:
    made = audit.made_at.astimezone(audit.site.zone)
    return f"{audit.site.name}, {date_format(made, 'D, M j, Y, g:i A')}"


def _audit(request: StaffRequest, public_id: str) -> ChartAudit:
    sites = request.powers.sites(permissions.OVERSEE)
    rows = ChartAudit.objects.select_related("site").filter(site__in=sites)
    return get_object_or_404(rows, public_id=public_id)
