"""The one function that answers for every view (kernel/permissions.py has the decorators).

- signed out: to the sign-in page, and back afterwards
- staff without a second factor where the clinic asks for one: to setting one up, or to showing it
- a permission no role of theirs has: refused with a page that says so
- a chart: open through the care team, a session they lead, a role-wide duty or break-glass; otherwise a page
  that explains and leads to break-glass. To staff without any chart role no chart exists (404), nor one of a site
  that is not theirs: whether somebody is a patient is itself protected.
- each chart page shown, and each refusal, leaves an audit entry.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch, reverse

from dayward.foundation.access.powers import ChartPowers, Opening, Powers
from dayward.foundation.access.second_factor import detour
from dayward.foundation.access.services import audit_refusal, audit_view, view_name
from dayward.foundation.people.models import Person
from dayward.kernel.permissions import Access, Audience, Permission
from dayward.ui import drafts

READING = ("GET", "HEAD")


def guard(request: HttpRequest, access: Access, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    """None lets the request pass."""
    if access.audience is Audience.PUBLIC:
        return None
    if access.audience is Audience.PORTAL:
        return _portal(request)
    if not request.user.is_authenticated:
        return _sign_in(request, "account_login")
    if getattr(request, "staff", None) is None:
        return _refused(request, "access/not_staff.html")
    if (first := detour(request)) is not None:
        return first
    if access.permission is None:
        return None
    if access.audience is Audience.CHART:
        return _chart(request, access.permission, kwargs)
    if request.powers.may(access.permission):  # type: ignore[attr-defined]
        return None
    return _no_permission(request, access.permission)


def _sign_in(request: HttpRequest, url_name: str) -> HttpResponseBase:
    kept = drafts.keep_for_later(request)
    if getattr(request, "htmx", None):  # a panel of a page whose session has ended: load the page anew
        response = HttpResponseRedirect(resolve_url(url_name))
        response.status_code = 204
        response.headers["HX-Refresh"] = "true"
        return response
    here = request.get_full_path() if kept or request.method in READING else _page_of_the_form(request)
    return HttpResponseRedirect(
        f"{resolve_url(url_name)}?{urlencode({'next': here})}" if here else resolve_url(url_name)
    )


def _page_of_the_form(request: HttpRequest) -> str:
    """Where what was sent had been typed: after signing in one is there again, with the draft."""
    told = urlsplit(request.headers.get("Referer", ""))
    return told._replace(scheme="", netloc="").geturl() if told.netloc == request.get_host() else ""


def _portal(request: HttpRequest) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return _sign_in(request, _portal_entrance())
    person = request.user.person
    if person is None:
        return _refused(request, "access/not_portal.html")
    request.person = person  # type: ignore[attr-defined]
    return None


def _portal_entrance() -> str:
    try:
        reverse("portal:sign_in")
    except NoReverseMatch:
        return "account_login"
    return "portal:sign_in"


def _chart(request: HttpRequest, permission: Permission, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    powers: Powers = request.powers  # type: ignore[attr-defined]
    if not powers.has_chart_role:
        raise Http404
    person = _person(kwargs["person"])
    if not powers.may(permission):  # the same answer, whether there is such a person or not
        return _no_permission(request, permission, person)
    if person is None:
        raise Http404
    chart = powers.chart(person)
    opening = chart.opening_for(permission)
    if opening is None:
        return _closed(request, permission, chart)
    if person.public_id != kwargs["person"] and request.method in READING:
        return _to_canonical(request, person)
    _open(request, chart, opening)
    return None


def _person(public_id: str) -> Person | None:
    try:
        return Person.objects.canonical(public_id)
    except Person.DoesNotExist:
        return None


def _to_canonical(request: HttpRequest, person: Person) -> HttpResponseBase:
    match = request.resolver_match
    assert match is not None
    url = reverse(match.view_name, kwargs={**match.kwargs, "person": person.public_id})
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{url}?{query}" if query else url)


def _open(request: Any, chart: ChartPowers, opening: Opening) -> None:
    """From here on the request may what it may in this chart; the view is written down."""
    request.person = chart.person
    request.chart = chart
    request.may = chart.may
    if request.method in READING:
        audit_view(request, chart.person, through=opening.key)


def _closed(request: Any, permission: Permission, chart: ChartPowers) -> HttpResponseBase:
    audit_refusal(request, permission=permission, person=chart.person)
    if not request.powers.may(permission, chart.person.site):  # of another site they learn nothing
        raise Http404
    can_break = not chart.is_open() and request.method in READING
    context = {"person": chart.person if can_break else None, "next": request.get_full_path()}
    return render(request, "access/chart_closed.html", context, status=403)


def _no_permission(
    request: HttpRequest, permission: Permission, person: Person | None = None
) -> HttpResponseBase:
    audit_refusal(request, permission=permission, person=person)
    return render(request, "access/no_permission.html", {"permission": permission}, status=403)


def _refused(request: HttpRequest, template: str) -> HttpResponseBase:
    return render(request, template, {"view": view_name(request)}, status=403)
