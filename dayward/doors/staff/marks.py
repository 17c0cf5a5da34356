"""Who is at risk among the people of a session, for whoever may open their charts (screens.md, "My day")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from dayward.care.attendance.models import Absence, Interval
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.care.schedule.queries import within_today
from dayward.chart.safety.alerts.models import Alert
from dayward.chart.safety.alerts.queries import URGENT
from dayward.chart.safety.permissions import READ
from dayward.doors.staff.permissions import OPEN
from dayward.foundation.access.queries import read_open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.marks import Mark, marks, read_marks
from dayward.kernel.panels import Panel, today_panels
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day

LOOKED_AT = timedelta(days=28)
NAME = ("public_id", "legal_given", "legal_family", "chosen_name", "site")
SHOWN = (*(f"person__{each}" for each in NAME), "session__title", "session__during", "session__site")
AROUND = timedelta(days=2)  # holds today at every site; the years before are not looked through
IN_A_ROW = 2  # so many days missed one after the other say something


def flagged(request: HttpRequest, people: Sequence[Any]) -> Reading[dict[int, Mark]]:
    """Whom the team flagged as at risk, and why."""
    found = yield from FLAGGED.reading(people=[each.pk for each in people])
    opened = yield from _opened(request, people, {row.person_id for row in found}, OPEN)
    return {
        row.person_id: Mark(_("at risk"), note=row.at_risk_reason) for row in found if row.person_id in opened
    }


def alerted(request: HttpRequest, people: Sequence[Any]) -> Reading[dict[int, Mark]]:
    """About whom an alert is open."""
    found = yield from ALERTED.reading(people=[each.pk for each in people])
    opened = yield from _opened(request, people, {row.person_id for row in found}, READ)
    known = {each.pk: each for each in people}
    found.sort(key=lambda row: row.risk_class not in URGENT)
    shown: dict[int, Mark] = {}
    for row in found:
        if row.person_id in opened and row.person_id not in shown:
            address = reverse("safety:alert", args=[known[row.person_id].public_id, row.public_id])
            state = "bad" if row.risk_class in URGENT else "warn"
            shown[row.person_id] = Mark(
                _("open alert"), state, str(Alert.Class(row.risk_class).label), address
            )
    return shown


def staying_away(request: HttpRequest, people: Sequence[Any]) -> Reading[dict[int, Mark]]:
    """Who did not come, one treatment day after the other, and did not say why."""
    now = timezone.now()
    found = yield from MISSED.reading(people=[each.pk for each in people], now=now, since=now - LOOKED_AT)
    days: dict[int, set[date]] = defaultdict(set)
    for person, during, zone, came in found:
        day = local_day(during.lower, ZoneInfo(zone))
        if came is None or local_day(came.lower, ZoneInfo(zone)) < day:
            days[person].add(day)
    long = {person: len(missed) for person, missed in days.items() if len(missed) >= IN_A_ROW}
    opened = yield from _opened(request, people, set(long), OPEN)
    words = {
        person: ngettext("missed %(count)d day in a row", "missed %(count)d days in a row", count)
        % {"count": count}
        for person, count in long.items()
    }
    return {person: Mark(words[person]) for person in long if person in opened}


def _missed() -> QuerySet[Booking, tuple[int, Any, str, Any]]:
    """Seats of the last weeks that somebody missed without a word and after which they have not come, with when they
    came last: whoever came on the day of a missed seat did not stay away.
    """
    known = Booking.objects.standing().filter(
        during__endswith__lte=Slot("now"), during__startswith__gte=Slot("since")
    )
    there = known.filter(
        Exists(Interval.objects.standing().filter(booking=OuterRef("pk"))), person=OuterRef("person")
    )
    away = Absence.objects.filter(booking=OuterRef("pk"), withdrawn_at=None, kind=Absence.Kind.UNEXCUSED)
    later = there.filter(during__fully_gt=OuterRef("during"))
    seats = known.filter(Among("person", Slot("people")), Exists(away), ~Exists(later))
    came = Subquery(there.order_by("-during__startswith").values("during")[:1])
    return seats.annotate(came=came).values_list("person_id", "during", "session__site__time_zone", "came")


FLAGGED = Prepared(
    lambda: Episode.objects.filter(
        Among("person", Slot("people")), ended_at=None, at_risk_at__isnull=False
    ).only("person_id", "at_risk_reason")
)
ALERTED = Prepared(
    lambda: Alert.objects.filter(Among("person", Slot("people")), closed_at=None).order_by("raised_at")
)
MISSED = Prepared(_missed)


def _opened(
    request: HttpRequest, people: Sequence[Any], wanted: set[int], permission: Any
) -> Reading[set[int]]:
    rows = [each for each in people if each.pk in wanted]
    if not rows:
        return set()
    return (yield from read_open_charts(cast(StaffRequest, request).powers, rows, permission))


# -- Today -----------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """Somebody expected in one of my sessions today, of whom something is said."""

    person: Person
    marks: list[Mark]
    sessions: list[Session] = field(default_factory=list)


def in_my_sessions(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """The people of the sessions I lead today who are at risk, each once."""
    sites = yield from all_of(Site.objects.all())
    now = timezone.now()
    mine = SessionStaff.objects.filter(
        session=OuterRef("session"), staff=request.staff, status=SessionStaff.Status.LEADS
    ).filter(during__startswith__gte=now - AROUND, during__startswith__lt=now + AROUND)
    led = Session.objects.standing().filter(within_today(sites, now))
    seats = yield from all_of(
        Booking.objects.standing()
        .filter(Exists(mine), session__in=led)
        .select_related("person", "session")
        .only(*SHOWN)
        .order_by("during", "pk")
    )
    at_site = {site.pk: site for site in sites}
    for seat in seats:
        seat.session.site = at_site[seat.session.site_id]
    people = list({seat.person_id: seat.person for seat in seats}.values())
    said = yield from read_marks(request, people)
    lines = {person.pk: Line(person, said[person.pk]) for person in people if person.pk in said}
    for seat in seats:
        if seat.person_id in lines:
            lines[seat.person_id].sessions.append(seat.session)
    audit_list(request, [line.person for line in lines.values()])
    return {"lines": list(lines.values())} if lines else None


def register() -> None:
    """Called by `apps.py`."""
    marks.register("alerts", alerted)
    marks.register("at_risk", flagged)
    marks.register("staying_away", staying_away)
    today_panels.register(IN_MY_SESSIONS.key, IN_MY_SESSIONS)


IN_MY_SESSIONS = Panel(
    "at_risk_today", gettext_noop("At risk in my sessions"), "staff/at_risk.html", in_my_sessions, OPEN, 12
)
