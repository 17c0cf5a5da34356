"""The first page, Today, search and the palette."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.doors.staff.actions import actions_for, fits, pages_for
from dayward.doors.staff.board import read_board
from dayward.doors.staff.finding import Found, find
from dayward.doors.staff.jumps import JUMPS, Asked, Jump, reached, taken_apart
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list, listed_together
from dayward.foundation.organization.models import Site
from dayward.foundation.people import permissions as people
from dayward.kernel.gathering import Reading, alone, both, first_of
from dayward.kernel.panels import contexts, for_request, today_panels
from dayward.kernel.permissions import permissions, public, requires, signed_in

PALETTE_PEOPLE = 6
PALETTE_JUMPED = 4  # so many people a page is offered of
PALETTE_JUMPS = 8
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
    """What is happening now, what is due, who needs a call."""
    panels = for_request(request, today_panels)
    with listed_together(request):
        (shown, board), site = alone(
            both(both(contexts(panels, request), read_board(request)), _home_site(request))
        )
    drawn = [
        render_to_string(panel.template, context, request)
        for panel, context in zip(panels, shown, strict=True)
        if context is not None
    ]
    now = timezone.now().astimezone(site.zone) if site else timezone.now()
    context = {
        "panels": drawn,
        "board": board,
        "site": site,
        "now": now,
        "greeting": _greeting(now, request.staff.given),
    }
    return render(request, "staff/today.html", context)


def _home_site(request: StaffRequest) -> Reading[Site | None]:
    """One's own site; who has none sees the first."""
    own = Exists(request.staff.sites.filter(pk=OuterRef("pk")))
    return first_of(Site.objects.order_by(own.desc(), "pk"))


def _greeting(now: datetime, name: str) -> str:
    if now.hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < 17:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


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
    found = find(request.powers, text)
    audit_list(request, [row.person for row in found.rows if row.is_open or row.what])
    context = {
        "q": text,
        "found": found,
        "may_register": request.may(people.REGISTER),
        "has_charts": request.powers.has_chart_role,
    }
    return render(request, "staff/search.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def palette(request: StaffRequest) -> HttpResponse:
    """What Ctrl-K offers: people (name and next appointment), their pages, pages, actions."""
    text = request.POST.get("q", "").strip()
    asked = taken_apart(text)
    found = _people(request, text, asked) if request.may(people.FIND) else []
    jumps = asked.jumps or (JUMPS if len(found) == 1 else ())
    context = {
        "q": text,
        "people": found,
        "has_charts": request.powers.has_chart_role,
        "jumps": reached(
            request.powers, [row.person for row in found[:PALETTE_JUMPED]], jumps, PALETTE_JUMPS
        ),
        "nameless": [] if asked.name or found else _may_jump(request, asked.jumps),
        "pages": pages_for(request, text),
        "actions": [action for action in actions_for(request) if fits(str(action.label), text)],
    }
    template = "staff/palette.html" if request.htmx else "staff/find.html"
    return render(request, template, context)


def _people(request: StaffRequest, text: str, asked: Asked) -> list[Found]:
    """By all of the text; where some of it names a page, by the rest too."""
    rows = find(request.powers, text, limit=PALETTE_PEOPLE, near=not asked.jumps, programs=False).rows
    if not asked.jumps:
        return rows
    more = find(request.powers, asked.name, limit=PALETTE_PEOPLE, programs=False).rows
    known = {row.person.pk for row in rows}
    return (rows + [row for row in more if row.person.pk not in known])[:PALETTE_PEOPLE]


def _may_jump(request: StaffRequest, jumps: Iterable[Jump]) -> list[Jump]:
    """What could be done with a name beside it."""
    if not request.may(people.FIND):
        return []
    return [each for each in jumps if (word := permissions.get(each.permission)) and request.may(word)]
