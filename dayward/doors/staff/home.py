"""The first page, Today, search and the palette."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.doors.staff.actions import actions_for
from dayward.doors.staff.board import read_board
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people import permissions as people
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import appointments_of, find_people
from dayward.kernel.gathering import Reading, alone, both, first_of
from dayward.kernel.panels import contexts, for_request, today_panels
from dayward.kernel.permissions import public, requires, signed_in
from dayward.ui import navigation

PALETTE_PEOPLE = 6
SEARCHED = "searched"


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first screen: a role's own, the patient's page, or the sign-in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    powers = getattr(request, "powers")  # noqa: B009 - set by the access middleware
    if powers.staff is None:
        return redirect("portal:home")
    homes = [role.home for role in powers.roles]
    return redirect(next((url for name in homes if (url := _reachable(name))), reverse("staff:today")))


def _reachable(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@signed_in
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """What is happening now, what is due, who needs a call: from the packages that know."""
    panels = for_request(request, today_panels)
    (shown, board), site = alone(
        both(both(contexts(panels, request), read_board(request)), _home_site(request))
    )
    drawn = [
        render_to_string(panel.template, context, request)
        for panel, context in zip(panels, shown, strict=True)
        if context is not None
    ]
    now = timezone.now().astimezone(site.zone) if site else timezone.now()
    context = {"panels": drawn, "board": board, "site": site, "now": now, "greeting": _greeting(now)}
    return render(request, "staff/today.html", context)


def _home_site(request: StaffRequest) -> Reading[Site | None]:
    """One's own site; who has none sees the first."""
    own = Exists(request.staff.sites.filter(pk=OuterRef("pk")))
    return first_of(Site.objects.order_by(own.desc(), "pk"))


def _greeting(now: datetime) -> str:
    if now.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.hour < 17 else _("Good evening")


@dataclass(frozen=True)
class Found:
    """A person in a list: name and next appointment; the birth date only where the chart is open."""

    person: Person
    next: datetime | None
    born: date | None
    is_open: bool


@requires(people.FIND)
@require_http_methods(["GET", "POST"])
def search(request: StaffRequest) -> HttpResponse:
    """People by name, birth date or phone.

    What was typed goes with a form, never into an address: addresses end up in histories and logs.
    """
    if request.method == "POST":
        request.session[SEARCHED] = request.POST.get("q", "").strip()
        return redirect("staff:search")
    text = request.session.get(SEARCHED, "")
    found = _found(request, text)
    audit_list(request, [row.person for row in found if row.born])
    context = {
        "q": text,
        "found": found,
        "may_register": request.may(people.REGISTER),
        "has_charts": request.powers.has_chart_role,
    }
    return render(request, "staff/search.html", context)


def _found(request: StaffRequest, text: str) -> list[Found]:
    if len(text) < 2:
        return []
    sites = [site.pk for site in request.powers.sites(people.FIND)]
    rows = find_people(text, sites=sites)
    times, opened = appointments_of(rows), open_charts(request.powers, rows, people.READ)
    return [
        Found(row, times.get(row.pk), row.birth_date if row.pk in opened else None, row.pk in opened)
        for row in rows
    ]


@signed_in
@require_http_methods(["GET", "POST"])
def palette(request: StaffRequest) -> HttpResponse:
    """What Ctrl-K offers: people (name and next appointment), pages, actions."""
    text = request.POST.get("q", "").strip()
    rows: list[Person] = []
    if len(text) >= 2 and request.may(people.FIND):
        sites = [site.pk for site in request.powers.sites(people.FIND)]
        rows = find_people(text, sites=sites, limit=PALETTE_PEOPLE)
    times = appointments_of(rows) if rows else {}
    context = {
        "q": text,
        "people": [{"person": row, "next": times.get(row.pk)} for row in rows],
        "has_charts": request.powers.has_chart_role,
        "pages": _pages(request, text),
        "actions": [action for action in actions_for(request) if _fits(str(action.label), text)],
    }
    return render(request, "staff/palette.html", context)


def _pages(request: StaffRequest, text: str) -> list[navigation.Link]:
    areas = (navigation.Area.STAFF, navigation.Area.USER)
    links = [link for area in areas for link in navigation.links(area, path=request.path, may=request.may)]
    return [link for link in links if _fits(str(link.label), text)]


def _fits(label: str, text: str) -> bool:
    return all(word in label.casefold() for word in text.casefold().split())
