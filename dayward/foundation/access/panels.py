"""What this package adds to the chart, to Today and to the top of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dayward.foundation.access import permissions, queries
from dayward.foundation.people import permissions as people
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.panels import Context, Panel, chart_panels, today_panels
from dayward.ui import banners
from dayward.ui.banners import Banner

SOON = 5  # people shown at once
ON_DEMAND = 20  # more open on demand; of more than these a page of its own tells


def register_all() -> None:
    """Called once, from apps.py."""
    chart_panels.register("care_team", CARE_TEAM)
    for panel in (MY_PEOPLE, TO_REVIEW, LICENSES):
        today_panels.register(panel.key, panel)
    banners.sources.register("break_glass", break_glass_banner)


def team(request: Any, person: Person) -> Reading[dict[str, Any]]:
    members = yield from queries.read_care_team(person)
    return {
        "person": person,
        "members": members,
        "may_change_team": request.may(permissions.TEAM),
    }


def my_people(request: Any) -> Reading[Context]:
    """The people one treats, the next first; name and next appointment, so it is no view of their charts."""
    found = yield from all_of(queries.my_people(request.powers))
    if not found:
        return None
    people = queries.soonest(found)
    rest = len(people) - SOON
    later = people[SOON:] if rest <= ON_DEMAND else []
    return {"count": len(people), "soon": people[:SOON], "later": later, "rest": rest}


def to_review(request: Any) -> Reading[Context]:
    found = yield from all_of(queries.openings_to_see(request.powers).filter(reviewed_at=None).values("pk"))
    return {"count": len(found)} if found else None


def licenses(request: Any) -> Reading[Context]:
    lines = yield from queries.read_ending_licenses()
    return {"lines": lines} if lines else None


def break_glass_banner(request: HttpRequest) -> Banner | None:
    """While a chart is open by break-glass, every page says so."""
    staff, powers = getattr(request, "staff", None), getattr(request, "powers", None)
    if staff is None or powers is None or not powers.has_chart_role or not powers.open_glass:
        return None
    opening = queries.open_break_glass(staff.user).select_related("person").order_by("expires_at").first()
    if opening is None:
        return None
    return Banner(
        _("A chart is open to you by break-glass for another %(time)s. Compliance reviews it.")
        % {"time": timeuntil(opening.expires_at)},
        state="warn",
        icon="lock-open",
        url=reverse("access:break_glass_open", args=[opening.public_id]),
        link=_("Look or close"),
    )


CARE_TEAM = Panel(
    key="care_team",
    title=gettext_noop("Care team"),
    template="access/team_panel.html",
    context=team,
    permission=people.READ,
    order=510,  # the chart's narrow column
    url_name="access:team",
)
MY_PEOPLE = Panel(
    key="my_people",
    title=gettext_noop("My people"),
    template="access/my_people_panel.html",
    context=my_people,
    permission=people.READ,
    order=40,
)
TO_REVIEW = Panel(
    key="to_review",
    title=gettext_noop("Break-glass to review"),
    template="access/to_review_panel.html",
    context=to_review,
    permission=permissions.REVIEW,
    order=20,
    url_name="access:openings",
)
LICENSES = Panel(
    key="licenses",
    title=gettext_noop("Licenses to renew"),
    template="access/licenses_panel.html",
    context=licenses,
    permission=permissions.STAFF,
    order=22,  # below who is waiting, so that both columns of a director end alike
    url_name="access:staff",
)
