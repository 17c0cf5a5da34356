"""Whether the installation is well: a page for those who answer for it, and a word for a machine that asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from dayward import __version__
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.operations import permissions
from dayward.foundation.operations.queries import SERVING, clock_went_back, health, server_version
from dayward.foundation.operations.rules import Finding
from dayward.foundation.operations.words import span, told
from dayward.kernel.permissions import public, requires


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a monitor: ok or not ok, and no more."""
    return _answer(health())


@public
@never_cache
@require_safe
def serving(request: HttpRequest) -> HttpResponse:
    """For a load balancer: whether this process can serve; a stopped worker does not take it out."""
    return _answer([finding for finding in health() if finding.part in SERVING])


def _answer(findings: list[Finding]) -> HttpResponse:
    well = all(finding.is_ok for finding in findings)
    return HttpResponse(
        "ok\n" if well else "not ok\n", status=200 if well else 503, content_type="text/plain; charset=utf-8"
    )


@requires(permissions.SEE)
@require_GET
def running(request: StaffRequest) -> HttpResponse:
    """Database, worker, disk and backups: how they are, and what to do."""
    findings = [told(finding) for finding in health()]
    back = clock_went_back()
    context = {
        "findings": findings,
        "well": all(finding.is_ok for finding in findings),
        "version": __version__,
        "server": server_version(),
        "went_back": back,
        "went_back_by": span(back.detail["seconds"]) if back else "",
    }
    return render(request, "operations/running.html", context)
