"""The program now: who is in treatment, who came today, what is not covered; each number opens to its rows (3.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from dayward.care.attendance.models import Absence, Interval
from dayward.care.journey.models import Episode, Segment
from dayward.care.journey.queries.steps import state_label
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.care.schedule.permissions import EDIT
from dayward.care.schedule.queries import within_today
from dayward.doors.staff import permissions
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.permissions import requires

ON_HOLD, NOT_STARTED = "on_hold", "admitted"


@dataclass(frozen=True)
class Board:
    """Counts; the expected of today are those whose session has begun."""

    in_care: int
    at_risk: int
    on_hold: int
    not_started: int
    expected: int
    there: int
    missed: int
    uncovered: int

    @property
    def unconfirmed(self) -> int:
        return self.expected - self.there - self.missed


def read_board(request: StaffRequest) -> Reading[Board | None]:
    """For those who answer for the week of a site; one statement with the panels."""
    if not request.may(EDIT):
        return None
    now, sites = timezone.now(), request.powers.sites(EDIT)
    (states, rows), uncovered = yield from both(
        both(all_of(_by_state(sites)), all_of(_of_today(sites, now))), all_of(_uncovered(sites, now))
    )
    by_state: Counter[str] = Counter()
    for row in states:
        by_state[row["state"]] += row["people"]
    return Board(
        in_care=by_state.total(),
        at_risk=sum(row["flagged"] for row in states),
        on_hold=by_state[ON_HOLD],
        not_started=by_state[NOT_STARTED],
        expected=sum(row["seats"] for row in rows),
        there=sum(row["seats"] for row in rows if row["there"]),
        missed=sum(row["seats"] for row in rows if row["away"] and not row["there"]),
        uncovered=len(uncovered),
    )


def _by_state(sites: Sequence[Site]) -> QuerySet[Episode, dict[str, Any]]:
    rows = Episode.objects.filter(ended_at=None, program__site__in=sites).order_by("state").values("state")
    return rows.annotate(people=Count("pk"), flagged=Count("pk", filter=Q(at_risk_at__isnull=False)))


def _of_today(sites: Sequence[Site], now: datetime) -> QuerySet[Booking, dict[str, int]]:
    sessions = Session.objects.standing().filter(within_today(sites, now), during__startswith__lte=now)
    rows = Booking.objects.standing().filter(session__in=sessions)
    marked = rows.annotate(
        there=Exists(Interval.objects.standing().filter(booking=OuterRef("pk"))),
        away=Exists(Absence.objects.filter(booking=OuterRef("pk"), withdrawn_at=None)),
    )
    return marked.order_by().values("there", "away").annotate(seats=Count("pk"))


def _uncovered(sites: Sequence[Site], now: datetime) -> QuerySet[Session, int]:
    """Sessions of today that nobody leads."""
    leads = SessionStaff.objects.filter(session=OuterRef("pk"), status=SessionStaff.Status.LEADS)
    rows = Session.objects.standing().filter(within_today(sites, now), during__endswith__gt=now)
    return rows.filter(~Exists(leads)).values_list("pk", flat=True)


# -- the census ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """Somebody in treatment."""

    episode: Episode
    state: str
    level: str
    days: int | None


@dataclass(frozen=True)
class Part:
    """Whom one tab shows."""

    key: str
    title: str
    lines: list[Line]

    @property
    def url(self) -> str:
        return reverse("staff:census") + (f"?show={self.key}" if self.key != "all" else "")


PARTS: dict[str, tuple[str, Callable[[Episode], bool]]] = {
    "all": (gettext_noop("All"), lambda episode: True),
    "risk": (gettext_noop("At risk"), lambda episode: episode.at_risk_at is not None),
    "hold": (gettext_noop("On hold"), lambda episode: episode.state == ON_HOLD),
    "new": (gettext_noop("Not started"), lambda episode: episode.state == NOT_STARTED),
}


@requires(permissions.CENSUS)
@require_GET
def census(request: StaffRequest) -> HttpResponse:
    """Everybody in treatment, with level of care, state and why somebody is at risk."""
    sites, theirs = request.powers.places(permissions.CENSUS), _of_census(request)
    rows = list(
        Episode.objects.filter(theirs, ended_at=None, program__site__in=sites)
        .select_related("person", "program")
        .order_by("program__name", "person__legal_family", "person__legal_given", "pk")
    )
    opened = open_charts(request.powers, [row.person for row in rows], permissions.OPEN)
    shown = [row for row in rows if row.person_id in opened]
    segments = {row.episode_id: row for row in Segment.objects.filter(episode__in=shown, ends_on=None)}
    lines = [_line(row, segments.get(row.pk)) for row in shown]
    parts = [
        Part(key, _(title), [line for line in lines if fits(line.episode)])
        for key, (title, fits) in PARTS.items()
    ]
    here = request.GET.get("show", "all")
    chosen = next((part for part in parts if part.key == here), parts[0])
    audit_list(request, [line.episode.person for line in chosen.lines])
    tabs = [(part, part is chosen) for part in parts]
    return render(request, "staff/census.html", {"tabs": tabs, "chosen": chosen})


def _of_census(request: StaffRequest) -> Q:
    return request.powers.of_programs(permissions.CENSUS, "program")


def _line(episode: Episode, segment: Segment | None) -> Line:
    return Line(
        episode,
        state_label(episode.state),
        segment.get_level_display() if segment else "",
        segment.days_per_week if segment else None,
    )
