"""One person's schedule: the week, seats, single bookings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.care.schedule import permissions, services
from dayward.care.schedule.forms import BookReasonsForm, EndForm, ReasonForm, VisitForm
from dayward.care.schedule.models import Booking, Enrollment, OwnHours, Session
from dayward.care.schedule.queries.checks import limits_at, weeks_found
from dayward.care.schedule.queries.choices import last_visit_of
from dayward.care.schedule.queries.collisions import as_held, booked_within, busy, hours_of
from dayward.care.schedule.queries.family import read_family
from dayward.care.schedule.queries.week import PersonWeek, days_span, week_for
from dayward.care.schedule.rules.own_hours import Busy, busy_spans, conflicts
from dayward.care.schedule.rules.seats import Fit, fit
from dayward.care.schedule.times import when
from dayward.care.schedule.views.shared import end_minute, minutes_of_day
from dayward.foundation.access.need import refused_in_need
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.consent.permissions import READ as READ_CONSENTS
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import Reading, alone, both, known
from dayward.kernel.permissions import requires_chart
from dayward.kernel.spans import Span
from dayward.kernel.time import at, local_day, written_day
from dayward.ui import toasts
from dayward.ui.timegrid import Block, Column, Grid, lay_out

BOTH = ["GET", "POST"]
WEEK = timedelta(days=7)
AFTER = "after"  # in the address: the week after that
DAY = (7 * 60, 20 * 60)  # shown at least


def site_of(person: Person) -> Site:
    """Where the person is treated; the first site for somebody who has none yet."""
    return person.site or Site.objects.order_by("pk")[0]


def back_to_week(request: ChartRequest, day: date | None = None) -> HttpResponse:
    """The person's week; the one that holds `day`."""
    url = reverse("schedule:person_week", args=[request.person.public_id])
    return redirect(f"{url}?day={day.isoformat()}" if day else url)


@requires_chart(permissions.SEE)
@require_safe
def person_week(request: ChartRequest, person: str) -> HttpResponse:
    """The person's week with their own hours shaded, their standing seats, and what may be done."""
    site = site_of(request.person)
    today = local_day(timezone.now(), site.zone)
    week = week_for(request.person, _day(request, today), zone=site.zone)
    own = OwnHours.objects.filter(person_id__in=request.person.all_ids).exclude(until_day__lte=today)
    context = {
        "person": request.person,
        "site": site,
        "week": week,
        "grid": week_grid(week, [busy(row) for row in own], site.zone),
        "enrollments": Enrollment.objects.standing(today)
        .filter(person_id__in=request.person.all_ids)
        .select_related("group__track"),
        "own_hours": own,
        "may_enroll": request.may(permissions.ENROLL),
        "found": weeks_found(site, week.start, limits_at(site, week.start), request.person.all_ids),
        "now": timezone.now(),
    }
    return render(request, "schedule/person_week.html", context)


def _day(request: ChartRequest, today: date) -> date:
    return written_day(request.GET.get("day", "")) or today


def week_grid(
    week: PersonWeek, own: Iterable[Busy], zone: ZoneInfo, extra: Iterable[tuple[date, Block]] = ()
) -> Grid:
    """Seven days side by side: what is booked, and the hours the person has for themselves."""
    columns: dict[date, list[Block]] = {day.day: [] for day in week.days}
    for item in week.items:
        state, word = ("bad", _("Canceled")) if item.cancelled else ("", "")
        title = _("Make-up: %(title)s") % {"title": item.title} if item.makes_up_for else item.title
        start, end = minutes_of_day(item.span.start, zone), end_minute(item.span.start, item.span.end, zone)
        lines = tuple(
            filter(None, (item.room or (_("Telehealth") if item.telehealth else ""), ", ".join(item.leaders)))
        )
        columns[item.day].append(Block(start, end, title, item.time, lines, state=state, word=word, tone=2))
    for day, block in extra:
        if day in columns:
            columns[day].append(block)
    booked = [block for blocks in columns.values() for block in blocks]
    shades = [
        each
        for busy_hours, span in busy_spans(own, zone, since=week.start, until=week.end)
        for each in _own_blocks(span, str(OwnHours.Kind(busy_hours.kind).label), zone)
    ]
    for day, block in _within_sight(shades, booked):
        if day in columns:
            columns[day].append(block)
    shown = [
        Column(date_format(day.day, "D, M j"), tuple(columns[day.day]), today=day.today) for day in week.days
    ]
    return lay_out(shown, now=minutes_of_day(timezone.now(), zone))


def _within_sight(
    shades: Iterable[tuple[date, Block]], booked: Sequence[Block]
) -> Iterable[tuple[date, Block]]:
    """Own hours cut to the hours of the day in which something is booked or offered: a night shift stays short."""
    first = min([DAY[0], *(block.start for block in booked)])
    last = max([DAY[1], *(block.end for block in booked)])
    for day, block in shades:
        start, end = max(block.start, first), min(block.end, last)
        if start < end:
            yield day, replace(block, start=start, end=end)


def _own_blocks(span: Span, title: str, zone: ZoneInfo) -> Iterable[tuple[date, Block]]:
    """A night shift is a block on each of its two days."""
    day, last = local_day(span.start, zone), local_day(span.end - timedelta(microseconds=1), zone)
    while day <= last:
        start = max(span.start, at(day, time(0), zone))
        end = min(span.end, at(day + timedelta(days=1), time(0), zone))
        yield day, Block(minutes_of_day(start, zone), end_minute(start, end, zone), title, ghost=True)
        day += timedelta(days=1)


# -- single bookings -------------------------------------------------------------------------------------------


def read_open_sessions(person: Person, site: Site, first: date) -> Reading[list[dict[str, Any]]]:
    """Sessions of several people in a week with seats left where the person is free; with what speaks against."""
    span = days_span(first, first + timedelta(days=6), site.zone)
    rows = (
        Session.objects.ahead()
        .with_taken()
        .filter(Q(group__isnull=False) | Q(cap__gt=1))
        .filter(site=site, status=Session.Status.PLANNED)
        .filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
        .select_related("room", "site", "service")
        .order_by("during")
    )
    booked, hours, sessions = yield [booked_within([person.pk], span), hours_of(person), rows]
    held, own = as_held(booked), [busy(each) for each in hours]
    found = []
    for row in sessions:
        if row.taken >= row.places or fit(row.span, held)[0] is not Fit.FREE:
            continue
        against = conflicts(own, [row.span], site.zone)
        found.append(
            {
                "session": row,
                "left": row.places - row.taken,
                "day": local_day(row.span.start, site.zone),
                "when": when(row.span, site.zone),
                "own": bool(against),
            }
        )
    return found


@requires_chart(permissions.ENROLL)
@require_http_methods(BOTH)
def book(request: ChartRequest, person: str) -> HttpResponse:
    """A visit with a clinician, or a seat in one group session."""
    if held_back := refused_in_need(request, permissions.ENROLL, "schedule:person_week"):
        return held_back
    site = site_of(request.person)
    form = VisitForm(site, request.POST or None, initial=_offered(request, site))
    reasons = BookReasonsForm(request.POST or None)
    needs: set[str] = set()
    if request.method == "POST" and form.is_valid() and reasons.is_valid():
        try:
            seat = _book_visit(request, site, form, reasons)
        except services.NeedsReason as needed:
            needs.add(needed.needs)
            _say(form, needed)
        except Refused as refused:
            _say(form, refused)
        else:
            toasts.done(request, _("Booked."), undo_url=undo_booking(seat))
            return back_to_week(request, form.cleaned_data["day"])
    context = {
        "person": request.person,
        "form": form,
        "reasons": reasons,
        "needs": needs | {name for name in reasons.fields if request.POST.get(name)},
        **_seats_and_family(request, site),
    }
    return render(request, "schedule/book.html", context)


def _seats_and_family(request: ChartRequest, site: Site) -> dict[str, Any]:
    """Seats of this week or the one after, and who of the family may be there, for those who may read consents."""
    after = AFTER in request.GET
    today = local_day(timezone.now(), site.zone)
    family = read_family([request.person]) if request.may(READ_CONSENTS) else known({request.person.pk: []})
    seats, found = alone(
        both(read_open_sessions(request.person, site, today + WEEK if after else today), family)
    )
    return {"open": seats, "after": after, "family": found[request.person.pk]}


def _offered(request: ChartRequest, site: Site) -> dict[str, Any]:
    """What a visit is offered with: today, and who books it, as in their last visit."""
    last = last_visit_of(request.staff, site)
    usual = {"service": last.service_id, "room": last.room_id} if last else {}
    return {"day": local_day(timezone.now(), site.zone), "staff": request.staff, **usual}


def _say(form: Any, refused: Refused) -> None:
    for sentence in refused.reasons[:6]:
        form.add_error(None, sentence)


def _reasons(form: BookReasonsForm) -> services.Reasons:
    data = form.cleaned_data
    return services.Reasons(
        data["over_cap_reason"], data["own_hours_reason"], data["pull_out"], data["check_reason"]
    )


def _book_visit(request: ChartRequest, site: Site, form: VisitForm, reasons: BookReasonsForm) -> Booking:
    return services.book_visit(
        actor=request.actor,
        person=request.person,
        site=site,
        service=form.cleaned_data["service"],
        staff=form.cleaned_data["staff"],
        place=form.place(),
        reasons=_reasons(reasons),
    )


@requires_chart(permissions.ENROLL)
@require_http_methods(BOTH)
def book_session(request: ChartRequest, person: str, session: str) -> HttpResponse:
    """A seat in one session that is there; a page asks for the reason where one is needed."""
    if held_back := refused_in_need(request, permissions.ENROLL, "schedule:person_week"):
        return held_back
    rows = Session.objects.filter(site__in=request.powers.places(permissions.ENROLL))
    found = get_object_or_404(rows.select_related("site", "room"), public_id=session)
    reasons = BookReasonsForm(request.POST or None)
    needs: set[str] = set()
    sentences: tuple[str, ...] = ()
    if request.method == "POST" and reasons.is_valid():
        try:
            seat = services.book(
                actor=request.actor, person=request.person, session=found, reasons=_reasons(reasons)
            )
        except services.NeedsReason as needed:
            needs.add(needed.needs)
            sentences = needed.reasons
        except Refused as refused:
            sentences = refused.reasons
        else:
            toasts.done(request, _("Booked."), undo_url=undo_booking(seat))
            return back_to_week(request, local_day(found.span.start, found.site.zone))
    context = {
        "person": request.person,
        "session": found,
        "when": when(found.span, found.site.zone),
        "reasons": reasons,
        "needs": needs | {name for name in reasons.fields if request.POST.get(name)},
        "sentences": sentences,
    }
    return render(request, "schedule/book_session.html", context)


def _booking(request: ChartRequest, public_id: str) -> Booking:
    rows = Booking.objects.select_related("session__site", "person")
    return get_object_or_404(rows, public_id=public_id, person_id__in=request.person.all_ids)


def undo_booking(seat: Booking) -> str:
    """Where a booking is taken back that was just made: nobody has said they cannot come."""
    url = reverse("schedule:cancel_booking", args=[seat.person.public_id, seat.public_id])
    return f"{url}?undo"


@requires_chart(permissions.ENROLL)
@require_POST
def cancel_booking(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """They will not come; with `?undo` the booking is only taken back."""
    seat = _booking(request, booking)
    form = ReasonForm(request.POST)
    reason = form.data.get("reason", "")[:200]
    kind = Booking.Ended.UNDONE if "undo" in request.GET else Booking.Ended.PERSON
    try:
        services.cancel_booking(actor=request.actor, booking=seat, reason=reason, kind=kind)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        undo = reverse("schedule:restore_booking", args=[request.person.public_id, seat.public_id])
        toasts.done(request, _("Canceled; the seat is free."), undo_url=undo)
    return back_to_week(request, local_day(seat.session.span.start, seat.session.site.zone))


@requires_chart(permissions.ENROLL)
@require_POST
def restore_booking(request: ChartRequest, person: str, booking: str) -> HttpResponse:
    """Undo of cancelling."""
    if held_back := refused_in_need(request, permissions.ENROLL, "schedule:person_week"):
        return held_back
    seat = _booking(request, booking)
    with toasts.telling(request, _("Booked again.")):
        services.restore_booking(actor=request.actor, booking=seat)
    return back_to_week(request, local_day(seat.session.span.start, seat.session.site.zone))


@requires_chart(permissions.ENROLL)
@require_http_methods(BOTH)
def end_enrollment(request: ChartRequest, person: str, enrollment: str) -> HttpResponse:
    """The standing seat ends; the page says how many sessions that frees."""
    found = get_object_or_404(
        Enrollment.objects.select_related("group__site", "person"),
        public_id=enrollment,
        person_id__in=request.person.all_ids,
    )
    tomorrow = local_day(timezone.now(), found.group.site.zone) + timedelta(days=1)
    form = EndForm(request.POST or None, initial={"on": tomorrow})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_enrollment(actor=request.actor, enrollment=found, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Ended; the seats are free."))
            return back_to_week(request)
    seats = found.bookings.standing().ahead().count()
    context = {"person": request.person, "enrollment": found, "form": form, "seats": seats}
    return render(request, "schedule/end_enrollment.html", context)
