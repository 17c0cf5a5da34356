"""The program's week as a grid: by room, by clinician, by person. One URL, many views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dayward.care.catalog.models import Closure, Track
from dayward.care.schedule import permissions
from dayward.care.schedule.models import Booking, Modality, Session
from dayward.care.schedule.queries import offers
from dayward.care.schedule.queries.checks import (
    checked_sessions,
    found_in_sessions,
    leading_of,
    limits_between,
)
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.times import clock_range, to_span
from dayward.care.schedule.views.shared import (
    chosen_day,
    chosen_site,
    end_minute,
    minutes_of_day,
    monday_of,
    people_open_to,
    sites_of,
)
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.permissions import requires
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day
from dayward.ui.timegrid import MAX_COLUMNS, Block, Column, Grid, lay_out

SHORT_GAP = timedelta(minutes=30)
VIEWS = ("room", "clinician", "person")


@requires(permissions.SEE)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """`?by=room&day=&site=&whole`: a day, or the whole week with its days side by side."""
    sites = sites_of(request, permissions.SEE)
    site = chosen_site(request, sites)
    day = chosen_day(request, site.zone)
    by = request.GET.get("by", "room")
    by = by if by in VIEWS else "room"
    whole = "whole" in request.GET or by == "person"
    monday = monday_of(day)
    since, until = (monday, monday + timedelta(days=6)) if whole else (day, day)
    context: dict[str, Any] = {
        "by": by,
        "site": site,
        "sites": sites,
        "day": day,
        "whole": whole,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": day - timedelta(days=7),
        "after": day + timedelta(days=7),
        "days": [monday + timedelta(days=n) for n in range(7)],
        "today": local_day(timezone.now(), site.zone),
        "closures": Closure.objects.standing().filter(site=site, day__gte=since, day__lte=until),
        "may_edit": request.powers.may(permissions.EDIT, site),
    }
    if by == "person":
        context |= _people(request, site, since, until)
    else:
        sessions = checked_sessions(site, since, until)
        found = found_in_sessions(sessions, limits_between(site, since, until))
        unexplained = {each.session.pk for each in found if each.session and each.reason is None}
        grid = _grid(sessions, by, site, whole, unexplained)
        context |= {"grid": grid, "unexplained": len(unexplained)}
    return render(request, "schedule/week.html", context)


def _grid(
    sessions: Iterable[Session], by: str, site: Site, whole: bool, unexplained: Collection[int]
) -> Grid | None:
    columns: dict[tuple[date, str], list[Block]] = defaultdict(list)
    notes: dict[str, str] = {}
    for session in sessions:
        day = local_day(session.span.start, site.zone)
        for name, note in _places(session) if by == "room" else _leaders(session):
            columns[day, name].append(_block(session, site, against=session.pk in unexplained))
            notes[name] = note
    today = local_day(timezone.now(), site.zone)
    shown = [
        Column(
            name, tuple(blocks), notes[name], date_format(day, "l, M j") if whole else "", today=day == today
        )
        for (day, name), blocks in sorted(columns.items())
    ][:MAX_COLUMNS]
    return lay_out(shown, now=minutes_of_day(timezone.now(), site.zone)) if shown else None


def _places(session: Session) -> list[tuple[str, str]]:
    if session.modality == Modality.TELEHEALTH or session.room is None:
        return [(_("Telehealth"), "")]
    return [(session.room.name, _("%(count)d seats") % {"count": session.room.seats})]


def _leaders(session: Session) -> list[tuple[str, str]]:
    return [(each.staff.name, "") for each in leading_of(session)] or [(_("Nobody yet"), "")]


def _block(session: Session, site: Site, *, against: bool) -> Block:
    """Titles never name a person; how many are booked, out of how many."""
    leaders = leading_of(session)
    cancelled = session.status == Session.Status.CANCELLED
    state, word = "", ""
    if cancelled:
        state, word = "bad", _("Canceled")
    elif not leaders:
        state, word = "warn", _("No cover")
    elif session.taken > session.places:
        state, word = "warn", _("Over the cap")
    elif against:
        state, word = "warn", _("Against a limit")
    elif any(each.is_cover for each in leaders):
        state, word = "info", _("Cover")
    track = session.group.track_id if session.group else 0
    return Block(
        start=minutes_of_day(session.span.start, site.zone),
        end=end_minute(session.span.start, session.span.end, site.zone),
        title=session.title,
        time=f"{clock_range(session.span, site.zone)} · {session.taken}/{session.places}",
        lines=(", ".join(each.staff.name for each in leaders),),
        url=reverse("schedule:session", args=[session.public_id]),
        state=state,
        word=word,
        tone=(track or 5) % 6 + 1,
    )


# -- by person -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRow:
    person: Person
    cells: list[list[tuple[str, str]]]  # a day: (time, title)s


def _people(request: StaffRequest, site: Site, since: date, until: date) -> dict[str, Any]:
    """Everybody booked in the week whose chart is open to the reader; of the others only how many."""
    span = days_span(since, until, site.zone)
    rows = list(
        Booking.objects.standing()
        .filter(session__site=site, during__startswith__gte=span.start, during__startswith__lt=span.end)
        .order_by("during")
        .values_list("person_id", "during", "session__title")
    )
    everybody = {person for person, _during, _title in rows}
    people = Person.objects.in_bulk(people_open_to(request, everybody))
    audit_list(request, people.values())
    cells: dict[int, list[list[tuple[Span, str]]]] = defaultdict(lambda: [[] for _n in range(7)])
    for person, during, title in rows:
        place = (local_day(during.lower, site.zone) - since).days
        if 0 <= place < 7:
            cells[person][place].append((to_span(during), title))
    ordered = sorted(people.values(), key=lambda person: person.called.casefold())
    return {
        "people": [PersonRow(each, [_stretches(cell, site) for cell in cells[each.pk]]) for each in ordered],
        "hidden": len(everybody) - len(people),
    }


def _stretches(cell: Sequence[tuple[Span, str]], site: Site) -> list[tuple[str, str]]:
    """Sessions one after the other are one stretch of the day: an evening of four groups is one line."""
    found: list[tuple[Span, list[str]]] = []
    for span, title in cell:
        if found and span.start - found[-1][0].end <= SHORT_GAP:
            last, titles = found[-1]
            found[-1] = (Span(last.start, max(last.end, span.end)), [*titles, title])
        else:
            found.append((span, [title]))
    return [(clock_range(span, site.zone), _what(titles)) for span, titles in found]


def _what(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else _("%(count)d sessions") % {"count": len(titles)}


# -- seats left ------------------------------------------------------------------------------------------------


@requires(permissions.SEE)
@require_safe
def seats(request: StaffRequest) -> HttpResponse:
    """Seats left by group and day, for those who promise them."""
    sites = sites_of(request, permissions.SEE)
    site = chosen_site(request, sites)
    today = local_day(timezone.now(), site.zone)
    tracks = Track.objects.filter(program__site=site, closed_on=None).select_related("program")
    shown = offers(tracks, since=today)
    context = {
        "site": site,
        "sites": sites,
        "tracks": [(each, shown[each.pk]) for each in tracks if each.pk in shown],
    }
    return render(request, "schedule/seats.html", context)
