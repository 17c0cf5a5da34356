"""Enroll in a track around the person's own hours: the week, what is free, and what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dayward.care.catalog.models import ProgramTerms, Track
from dayward.care.catalog.queries import terms_on
from dayward.care.catalog.rules.terms import Warn, prescription_warnings
from dayward.care.catalog.words import WARNINGS
from dayward.care.journey.models import Segment
from dayward.care.schedule import permissions, services
from dayward.care.schedule.forms import EnrollForm
from dayward.care.schedule.models import Group
from dayward.care.schedule.queries import Board, Offer, board
from dayward.care.schedule.queries.week import week_of_bookings
from dayward.care.schedule.times import time_range
from dayward.care.schedule.views.people import back_to_week, week_grid
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.kernel.time import local_day, week_start
from dayward.ui import toasts
from dayward.ui.timegrid import Block, Grid

PREVIEW = "preview"  # what the choice comes to, without booking it


@dataclass(frozen=True)
class Sum:
    """What a choice adds up to."""

    weekly: int
    days: int
    floor: int
    prescribed: int
    warnings: tuple[str, ...]
    own_hours: tuple[str, ...]
    full: tuple[str, ...]
    under_floor: bool


def open_segments(person: Person) -> list[Segment]:
    """The stretches of treatment one may be enrolled in now."""
    rows = Segment.objects.filter(
        episode__person_id__in=person.all_ids, ends_on__isnull=True, episode__ended_at__isnull=True
    )
    return list(rows.select_related("episode__person", "track__program__site").order_by("-starts_on"))


@requires_chart(permissions.ENROLL)
@require_http_methods(["GET", "POST"])
def enroll(request: ChartRequest, person: str) -> HttpResponse:
    """Groups and days are chosen, added up, and then booked. Both are posted: no reason stands in an address."""
    if refused := refused_in_need(request, permissions.ENROLL, "schedule:person_week"):
        return refused
    segments = open_segments(request.person)
    if not segments:
        return render(request, "schedule/enroll_none.html", {"person": request.person})
    segment = next((one for one in segments if one.public_id == request.GET.get("segment")), segments[0])
    tracks = list(
        Track.objects.filter(program=segment.track.program_id, closed_on=None).select_related("program__site")
    )
    track = next((one for one in tracks if one.public_id == request.GET.get("track")), segment.track)
    data, is_done = request.POST, request.method == "POST" and PREVIEW not in request.POST
    earliest = max(segment.starts_on, local_day(timezone.now(), track.program.site.zone))
    form = EnrollForm(data if "starts_on" in data else None, initial={"starts_on": earliest})
    since = _since(form, earliest)
    shown = board(request.person, track, since=since)
    chosen = _chosen(shown.offers, data.getlist("choice"))
    if is_done and form.is_valid() and _do(request, segment, chosen, form):
        toasts.done(request, _("Enrolled. The seats are booked for the weeks ahead."))
        return back_to_week(request, min(offer.first for offer in chosen))
    context = {
        "person": request.person,
        "segment": segment,
        "track": track,
        "tracks": tracks,
        "form": form,
        "days": _by_day(shown.offers),
        "chosen": {offer.value for offer in chosen},
        "sum": _sum(segment, shown, chosen, terms_on(track.program, since)),
        "grid": _grid(track, shown, chosen, since),
    }
    return render(request, "schedule/enroll.html", context)


def _since(form: EnrollForm, earliest: date) -> date:
    if form.is_bound and form.is_valid():
        wanted: date = form.cleaned_data["starts_on"]
        return max(wanted, earliest)
    return earliest


def _chosen(rows: Sequence[Offer], values: Sequence[str]) -> list[Offer]:
    wanted = set(values)
    return [row for row in rows if row.value in wanted and not row.enrolled]


def _choices(chosen: Sequence[Offer]) -> list[services.Choice]:
    days: dict[Group, set[int]] = defaultdict(set)
    for offer in chosen:
        days[offer.group].add(offer.weekday)
    return [services.Choice(group, frozenset(weekdays)) for group, weekdays in days.items()]


def _do(request: ChartRequest, segment: Segment, chosen: Sequence[Offer], form: EnrollForm) -> bool:
    """Enroll; on a refusal the form says why."""
    data = form.cleaned_data
    said = services.EnrollReasons(
        data["over_cap_reason"], data["own_hours_reason"], data["below_floor_reason"], form.check_reason
    )
    try:
        services.enroll(
            actor=request.actor,
            segment=segment,
            choices=_choices(chosen),
            starts_on=data["starts_on"],
            reasons=said,
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def _by_day(rows: Sequence[Offer]) -> list[tuple[str, list[Offer], list[Offer]]]:
    """The offers of each day, and apart from them those at times that are taken."""
    monday = date(2024, 1, 1)
    return [
        (
            date_format(monday + timedelta(days=day - 1), "l"),
            [row for row in found if not row.blocked],
            [row for row in found if row.blocked],
        )
        for day in range(1, 8)
        if (found := [row for row in rows if row.weekday == day])
    ]


def _sum(segment: Segment, shown: Board, chosen: Sequence[Offer], terms: ProgramTerms | None) -> Sum:
    weekly = shown.weekly(chosen)
    days = len({offer.weekday for offer in shown.offers if offer.enrolled or offer in chosen})
    floor = terms.floor_minutes if terms and segment.level == Segment.Level.IOP else 0
    warned = prescription_warnings(terms.plain(), minutes=weekly, days=days) if terms and chosen else ()
    return Sum(
        weekly=weekly,
        days=days,
        floor=floor,
        prescribed=segment.prescribed_minutes,
        warnings=tuple(str(WARNINGS[each]) for each in warned if each is not Warn.PRESCRIBED_UNDER_FLOOR),
        own_hours=tuple(sentence for offer in chosen for sentence in offer.own_hours),
        full=tuple(_full(offer) for offer in chosen if offer.left == 0),
        under_floor=bool(chosen) and weekly < floor,
    )


def _full(offer: Offer) -> str:
    return _("“%(group)s” has no seat left on a session ahead.") % {"group": offer.group}


def _grid(track: Track, shown: Board, chosen: Sequence[Offer], since: date) -> Grid:
    """The first whole week: what is booked, own hours shaded, what is offered and what is chosen."""
    zone = track.program.site.zone
    week = week_of_bookings(shown.bookings, week_start(since + timedelta(days=6)), zone)
    taken = {offer.value for offer in chosen}
    blocks = [
        (day.day, _offer_block(offer, chosen=offer.value in taken))
        for day in week.days
        for offer in shown.offers
        if offer.weekday == day.day.isoweekday() and not offer.enrolled and not offer.blocked
    ]
    return week_grid(week, shown.own, zone, blocks)


def _offer_block(offer: Offer, *, chosen: bool) -> Block:
    left = ngettext("%(count)d seat left", "%(count)d seats left", offer.left) % {"count": offer.left}
    if chosen:
        state, word = "ok", _("Chosen")
    elif offer.own_hours:
        state, word = "warn", _("Own hours")
    else:
        state, word = "", ""
    return Block(
        offer.slot.start,
        offer.slot.end,
        offer.group.name,
        time_range(offer.starts, offer.ends),
        (left,),
        state=state,
        word=word,
        tone=1 if chosen else 0,
        ghost=not chosen,
    )
