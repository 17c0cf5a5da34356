"""Where alerts show: in the header of the chart, on Today, and above every page of whom they name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from dayward.chart.measures import queries as measures
from dayward.chart.measures.models import Administration
from dayward.chart.measures.registries import Notice
from dayward.chart.safety import permissions
from dayward.chart.safety.alerts import queries, testing
from dayward.chart.safety.alerts.models import Alert
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, Selected, all_of, read
from dayward.kernel.panels import Panel, chart_header, today_panels
from dayward.kernel.prepared import Prepared, Slot
from dayward.ui import banners
from dayward.ui.banners import Banner
from dayward.ui.navigation import NavItem, register


def register_all() -> None:
    """Called once, from apps.py."""
    chart_header.register("alerts", HEADER)
    today_panels.register("alerts", TODAY)
    banners.sources.register("alerts", banner)
    register(
        NavItem("alerts", gettext_lazy("Alerts"), "safety:alerts", "alert-octagon", permissions.ALERTS, 48)
    )


def header(request: ChartRequest, person: Person) -> Reading[dict[str, Any] | None]:
    """Every open alert, always visible on the chart."""
    found = yield from queries.read_open(person)
    return {"alerts": found} if found else None


def today(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """What names the reader; for those who answer for all alerts, every open one."""
    if request.may(permissions.ALERTS):
        theirs = request.powers.bound(permissions.ALERTS)
        rows = queries.all_open(request.powers.places(permissions.ALERTS), theirs)
    else:
        rows = queries.of(request.staff).select_related("person__site", "named", "acknowledged_by")
    alerts = yield from all_of(rows)
    lines = yield from queries.read_lines(request.powers, alerts)
    audit_list(request, [line.person for line in lines if line.person])
    return {"lines": lines} if lines else None


URGENT = Prepared(
    lambda: (
        queries.of(Slot("staff"))
        .filter(risk_class__in=queries.URGENT, contacted_at__isnull=True)
        .values_list("pk", flat=True)
    )
)


def banner(request: HttpRequest) -> Banner | None:
    """Urgent alerts that name the reader, on every page until somebody spoke with the person; one query."""
    staff, may = getattr(request, "staff", None), getattr(request, "may", None)
    if staff is None or may is None or not may(permissions.READ):
        return None
    waiting, *broken = read([URGENT.filled(staff=staff.pk), *_ways_to_break(request)])
    if not waiting:
        return _way_is_broken(*broken) if broken else None
    count = len(waiting)
    return Banner(
        ngettext("An urgent task waits for you.", "%(count)d urgent tasks wait for you.", count)
        % {"count": count},
        state="bad",
        icon="alert-octagon",
        url=reverse("safety:alerts"),
        link=_("Open to view"),
    )


def _ways_to_break(request: Any) -> list[Selected]:
    """For whoever answers for alerts: a timer that does not run, and sites whose daily test failed."""
    if not request.may(permissions.ALERTS):
        return []
    sites, now = request.powers.places(permissions.ALERTS), timezone.now()
    return [
        testing.stopped(sites, now),
        testing.untested(sites, now),
    ]


def _way_is_broken(stopped: list[int], untested: list[int]) -> Banner | None:
    """To whoever answers for alerts: their timer does not run, or the daily test failed or did not come back."""
    if stopped:
        text = _(
            "The timer of alerts does not run: nobody is told when one is late. Watch the list, and call IT."
        )
    elif untested:
        text = _("The daily test of alerts failed or did not come back.")
    else:
        return None
    return Banner(
        text, state="bad", icon="alert-octagon", url=reverse("safety:alerts"), link=_("See the list")
    )


def beside_a_questionnaire(administration: Administration) -> Notice | None:
    """To the clinician who asks: that an answer raised an alert, and where to answer it."""
    root = measures.root_of(administration)
    alert = (
        Alert.objects.filter(administration=root, closed_at__isnull=True)
        .select_related("named", "person")
        .first()
    )
    if alert is None:
        return None
    name = alert.named.name if alert.named else _("nobody yet")
    text = _("An alert is open (%(class)s), for %(name)s.") % {
        "class": alert.get_risk_class_display(),
        "name": name,
    }
    address = reverse("safety:alert", args=[alert.person.public_id, alert.public_id])
    return Notice(text, address, alert.risk_class in queries.URGENT)


HEADER = Panel(
    "alerts", gettext_noop("Alerts"), "safety/alerts/header.html", header, permissions.READ, order=5
)
TODAY = Panel(
    "alerts",
    gettext_noop("Alerts"),
    "safety/alerts/today.html",
    today,
    permissions.READ,
    order=1,
    url_name="safety:alerts",
)
