"""The roll call: everybody expected is offered as present; nothing counts until somebody confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dayward.care.attendance import permissions, services
from dayward.care.attendance.forms import AbsenceForm, PlaceForm, TimeForm, instant_of
from dayward.care.attendance.models import Absence
from dayward.care.attendance.queries import roll_of, rolls_of
from dayward.care.attendance.services.places import tell_place
from dayward.care.schedule.models import Booking, Modality, Session, SessionStaff
from dayward.care.schedule.queries import sessions_between
from dayward.foundation.access.queries import oversees
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.marks import read_marks
from dayward.kernel.permissions import requires
from dayward.kernel.states import STATES
from dayward.kernel.time import local_day, written_day
from dayward.ui import toasts


def _oversees(request: StaffRequest, session: Session | None = None) -> bool:
    """Whose role takes any roll (of a session): directors and supervisors; others those of sessions they lead."""
    if session is None:
        return any(
            one.role.role_wide_charts and permissions.ROLL.key in one.permissions
            for one in request.powers.held
        )
    seated = Person.objects.filter(bookings__in=session.bookings.all()).distinct()
    return oversees(request.powers, permissions.ROLL, session.site_id, seated)


@requires(permissions.ROLL)
@require_safe
def rolls(request: StaffRequest) -> HttpResponse:
    """The sessions of a day with how far each roll is."""
    sites = request.powers.places(permissions.ROLL)
    everybody = _oversees(request) and "mine" not in request.GET
    day = written_day(request.GET.get("day", ""))
    days = {site.pk: day or local_day(timezone.now(), site.zone) for site in sites}
    sessions = [
        session
        for site in sites
        for session in sessions_between(
            site, days[site.pk], days[site.pk], staff=None if everybody else request.staff
        )
        if session.status != Session.Status.CANCELLED
    ]
    rows = rolls_of(sessions)
    groups = [(site, [row for row in rows if row.session.site_id == site.pk]) for site in sites]
    shown = day or next(iter(days.values()), timezone.localdate())
    context = {
        "groups": [group for group in groups if group[1]],
        "day": shown,
        "everybody": everybody,
        "oversees": _oversees(request),
        **_neighbors(shown),
    }
    return render(request, "attendance/rolls.html", context)


def _neighbors(day: date) -> dict[str, date]:
    ordinal = day.toordinal()
    return {"before": date.fromordinal(ordinal - 1), "after": date.fromordinal(ordinal + 1)}


def _session(request: StaffRequest, public_id: str) -> Session | HttpResponse:
    """The session, when its roll is this person's to take; else the page that says why not."""
    session = get_object_or_404(
        Session.objects.select_related("site", "room", "service", "group"), public_id=public_id
    )
    if request.staff in leaders_of(session) or _oversees(request, session):
        return session
    sentence = _("The roll is taken by those who lead the session. Ask the director to let you cover it.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def leaders_of(session: Session) -> list[StaffMember]:
    """Those who lead it; read once."""
    if "led_by" not in session.__dict__:
        rows = session.leaders.filter(status=SessionStaff.Status.LEADS).select_related("staff")
        session.__dict__["led_by"] = [row.staff for row in rows]
    found: list[StaffMember] = session.__dict__["led_by"]
    return found


@requires(permissions.ROLL)
@require_safe
def roll(request: StaffRequest, session: str) -> HttpResponse:
    """One tablet page per session."""
    found = _session(request, session)
    if isinstance(found, HttpResponse):
        return found
    shown = roll_of(found)
    audit_list(request, [row.person for row in shown.rows])
    by_video = found.modality == Modality.TELEHEALTH
    said = alone(read_marks(request, [row.person for row in shown.rows]))
    context = {
        "marked": [(row, said.get(row.person.pk, ())) for row in shown.rows],
        "by_video": by_video,
        "states": STATES if by_video else (),
        "session": found,
        "roll": shown,
        "zone": found.site.time_zone,
        "leaders": leaders_of(found),
        "too_early": shown.now < found.span.start - services.EARLIEST,
        "running": found.span.start <= shown.now < found.span.end,
        "now_clock": shown.now.astimezone(found.site.zone),
    }
    return render(request, "attendance/roll.html", context)


Act = Callable[[StaffRequest, Booking], str]


def _present(request: StaffRequest, booking: Booking) -> str:
    services.mark_present(actor=request.actor, booking=booking)
    return _("%(name)s is there.")


def _late(request: StaffRequest, booking: Booking) -> str:
    """From a time that was given, or from now."""
    form = TimeForm(request.POST)
    came_in = instant_of(booking.session, form.cleaned_data["clock"]) if form.is_valid() else timezone.now()
    services.mark_present(actor=request.actor, booking=booking, came_in=came_in)
    return _("%(name)s came late.")


def _left(request: StaffRequest, booking: Booking) -> str:
    form = TimeForm(request.POST)
    went_out = instant_of(booking.session, form.cleaned_data["clock"]) if form.is_valid() else timezone.now()
    reason = form.data.get("reason", "")[:200]
    services.mark_left(actor=request.actor, booking=booking, went_out=went_out, reason=reason)
    return _("%(name)s left early.")


def _absent(request: StaffRequest, booking: Booking) -> str:
    form = AbsenceForm(request.POST if "kind" in request.POST else {"kind": Absence.Kind.UNEXCUSED})
    if not form.is_valid():
        raise Refused(_("Say whether the absence is excused."))
    services.mark_absent(actor=request.actor, booking=booking, **form.cleaned_data)
    return _("%(name)s is absent.")


def _undo(request: StaffRequest, booking: Booking) -> str:
    services.undo(actor=request.actor, booking=booking)
    return _("Taken back for %(name)s.")


def _where(request: StaffRequest, booking: Booking) -> str:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Write down the street and city, and choose the state."))
    tell_place(actor=request.actor, booking=booking, **form.cleaned_data)
    return _("Where %(name)s is, is written down.")


ACTS: dict[str, Act] = {
    "present": _present,
    "late": _late,
    "left": _left,
    "absent": _absent,
    "undo": _undo,
    "where": _where,
}
NO_UNDO = ("undo", "where")  # a new answer counts instead of the old one


@requires(permissions.ROLL)
@require_POST
def row(request: StaffRequest, session: str, booking: str, act: str) -> HttpResponse:
    """Confirm one row, or take it back."""
    found = _session(request, session)
    if isinstance(found, HttpResponse):
        return found
    if act not in ACTS:
        raise Http404
    seat = get_object_or_404(found.bookings.select_related("person", "session__site"), public_id=booking)
    try:
        words = ACTS[act](request, seat)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        undo = reverse("attendance:row", args=[found.public_id, seat.public_id, "undo"])
        toasts.done(request, words % {"name": seat.person.called}, undo_url="" if act in NO_UNDO else undo)
    return redirect("attendance:roll", session=found.public_id)


@requires(permissions.ROLL)
@require_POST
def all_present(request: StaffRequest, session: str) -> HttpResponse:
    """One act with a name and a time: everybody untouched is there."""
    return _whole(request, session, _do_all_present)


def _do_all_present(request: StaffRequest, session: Session) -> tuple[str, str]:
    rows = services.mark_all_present(actor=request.actor, session=session)
    words = ngettext("%(count)d person marked present.", "%(count)d people marked present.", len(rows))
    moment = int(rows[0].recorded_at.timestamp() * 1_000_000) if rows else 0
    undo = reverse("attendance:undo_all", args=[session.public_id, moment]) if rows else ""
    return words % {"count": len(rows)}, undo


@requires(permissions.ROLL)
@require_POST
def undo_all(request: StaffRequest, session: str, moment: int) -> HttpResponse:
    """Take back what one “all present” wrote."""

    def act(request: StaffRequest, found: Session) -> tuple[str, str]:
        at = datetime.fromtimestamp(moment / 1_000_000, tz=UTC)
        count = services.undo_all_present(actor=request.actor, session=found, at=at)
        return _("Taken back for %(count)d people.") % {"count": count}, ""

    return _whole(request, session, act)


@requires(permissions.ROLL)
@require_POST
def close(request: StaffRequest, session: str) -> HttpResponse:
    """The session is over; open times become its end."""

    def act(request: StaffRequest, found: Session) -> tuple[str, str]:
        services.close_roll(actor=request.actor, session=found)
        return _("The roll is closed."), reverse("attendance:reopen", args=[found.public_id])

    return _whole(request, session, act)


@requires(permissions.ROLL)
@require_POST
def reopen(request: StaffRequest, session: str) -> HttpResponse:
    """Undo the closing."""

    def act(request: StaffRequest, found: Session) -> tuple[str, str]:
        services.reopen_roll(actor=request.actor, session=found)
        return _("The roll is open again."), ""

    return _whole(request, session, act)


def _whole(request: StaffRequest, session: str, act: Callable[..., Any]) -> HttpResponse:
    found = _session(request, session)
    if isinstance(found, HttpResponse):
        return found
    try:
        words, undo = act(request, found)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    else:
        toasts.done(request, words, undo_url=undo)
    return redirect("attendance:roll", session=found.public_id)
