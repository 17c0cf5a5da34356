"""What other pages show of this package: the list on the chart, the day's visits on Today."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from dayward.care.schedule.models import Booking, SessionStaff
from dayward.chart.medications import queries
from dayward.chart.medications.permissions import PRESCRIBE, READ, REPORT
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.panels import Panel, chart_panels, today_panels
from dayward.kernel.time import local_day

AROUND = timedelta(days=1)  # holds today at every site; the years before are not looked through


def current(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """What the person takes now, with the last change of each."""
    changes = yield from queries.read_listed(person)
    return {
        "rows": queries.rows_of(changes),
        "may_report": request.may(REPORT),
        "may_prescribe": request.may(PRESCRIBE),
    }


def visits_today(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """The medication visits I hold today, with the regimen and what was reported last."""
    now = timezone.now()
    led = SessionStaff.objects.filter(
        staff=request.staff,
        status=SessionStaff.Status.LEADS,
        during__startswith__gte=now - AROUND,
        during__startswith__lt=now + AROUND,
    )
    mine = Booking.objects.standing().filter(session__in=led.values("session"))
    found = yield from queries.read_visits(mine)
    visits = [visit for visit in found if _is_today(visit, now)]
    audit_list(request, [visit.booking.person for visit in visits])
    return {"visits": visits}


def _is_today(visit: queries.Visit, now: datetime) -> bool:
    """In the site's own day."""
    session = visit.booking.session
    return local_day(session.span.start, session.site.zone) == local_day(now, session.site.zone)


def to_the_visit(*, person: str, episode: int, ref: str) -> str:
    return reverse("medications:chart", args=[person])


def to_reconcile(*, person: str, episode: int, ref: str) -> str:
    return reverse("medications:reconcile", args=[person])


def register() -> None:
    """Called by `apps.py`."""
    title = gettext_noop("Medication")
    chart_panels.register(
        "medications",
        Panel("medications", title, "medications/panel.html", current, READ, 60, "medications:chart"),
    )
    visits = gettext_noop("Medication visits today")
    today_panels.register(
        "medication_visits",
        Panel("medication_visits", visits, "medications/today.html", visits_today, PRESCRIBE, order=12),
    )
