"""One session: who leads, how many sit there, and what may be done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.care.schedule import permissions, services
from dayward.care.schedule.forms import CoverForm, NewSessionForm, ReasonForm, SessionForm
from dayward.care.schedule.models import Session, SessionStaff
from dayward.care.schedule.queries.checks import found_in_sessions, limits_between, with_credentials
from dayward.care.schedule.views.shared import chosen_day, chosen_site, people_open_to, sites_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.gathering import read
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def _session(public_id: str) -> Session:
    rows = Session.objects.with_taken().select_related(
        "site", "room", "service", "group__track", "series", "closure"
    )
    return get_object_or_404(rows, public_id=public_id)


def _refused_site(request: StaffRequest, session: Session) -> HttpResponse | None:
    """Whoever may change the week may do so at the sites of their role."""
    if request.powers.may(permissions.EDIT, session.site):
        return None
    sentence = _("Your role does not change the week of this site.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def _back(session: Session) -> HttpResponse:
    return redirect("schedule:session", session=session.public_id)


@requires(permissions.SEE)
@require_safe
def session(request: StaffRequest, session: str) -> HttpResponse:
    """The session; people by name only where their chart is open to the reader."""
    found = _session(session)
    leaders, bookings = read(
        [
            found.leaders.select_related("staff"),
            found.bookings.standing().select_related(
                "person", "pulled_out_of__session", "makes_up_for__session"
            ),
        ]
    )
    open_to = people_open_to(request, {row.person_id for row in bookings})
    shown = sorted(
        (row for row in bookings if row.person_id in open_to), key=lambda row: row.person.called.casefold()
    )
    audit_list(request, [row.person for row in shown])
    leads = any(row.staff_id == request.staff.pk and row.status == "leads" for row in leaders)
    if not (leads or shown or request.powers.may(permissions.SEE, found.site)):  # of another site
        raise Http404
    checked = with_credentials(Session.objects.filter(pk=found.pk))
    day = local_day(found.span.start, found.site.zone)
    context = {
        "session": found,
        "found": found_in_sessions(checked, limits_between(found.site, day, day)),
        "zone": found.site.time_zone,
        "leaders": [row for row in leaders if row.status == SessionStaff.Status.LEADS],
        "away": [row for row in leaders if row.status == SessionStaff.Status.COVERED],
        "bookings": shown,
        "hidden": len(bookings) - len(shown),
        "may_edit": request.powers.may(permissions.EDIT, found.site),
        "leads": leads,
        "begun": found.span.start <= timezone.now(),
        "day": day,
    }
    return render(request, "schedule/session.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit(request: StaffRequest, session: str) -> HttpResponse:
    """Move this one session, or change its room; what would collide is said before."""
    found = _session(session)
    if refused := _refused_site(request, found):
        return refused
    form = SessionForm(found.site, request.POST or None, initial=_initial(found))
    in_the_way: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            version = int(request.POST.get("version", 0))
            place, topic = form.place(), form.cleaned_data["topic"]
            services.edit_session(
                actor=request.actor, session=found, version=version, place=place, topic=topic
            )
        except Conflict as conflict:
            form.add_error(None, conflict.sentence)
        except Refused as refused_edit:
            for sentence in refused_edit.reasons:
                form.add_error(None, sentence)
            in_the_way = _named(request, found, form)
        else:
            toasts.done(request, _("Changed. Calendars of the people booked follow."))
            return _back(found)
    context = {"session": found, "form": form, "in_the_way": in_the_way, "zone": found.site.time_zone}
    return render(request, "schedule/session_edit.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add(request: StaffRequest) -> HttpResponse:
    """One meeting of several people outside any group; seats are given one by one."""
    site = chosen_site(request, sites_of(request, permissions.EDIT))
    form = NewSessionForm(site, request.POST or None, initial={"day": chosen_day(request, site.zone)})
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(request, site, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            toasts.done(request, _("Added. Give seats from the schedule of each person."))
            return _back(made)
    context = {"form": form, "site": site}
    return render(request, "schedule/session_add.html", context, status=422 if form.errors else 200)


def _add(request: StaffRequest, site: Site, form: NewSessionForm) -> Session:
    data = form.cleaned_data
    return services.add_session(
        actor=request.actor,
        site=site,
        service=data["service"],
        place=form.place(),
        leaders=tuple(data["leaders"]),
        title=data["title"],
        topic=data["topic"],
        cap=data["cap"],
        check_reason=form.check_reason,
    )


def _named(request: StaffRequest, found: Session, form: SessionForm) -> list[str]:
    """Whose other session is in the way, where the reader may know."""
    pairs = services.people_in_the_way(found, form.place())
    open_to = people_open_to(request, {person for person, _sentence in pairs})
    return [sentence for person, sentence in pairs if person in open_to]


def _initial(found: Session) -> dict[str, Any]:
    zone = found.site.zone
    start, end = found.span.start.astimezone(zone), found.span.end.astimezone(zone)
    day: date = start.date()
    return {
        "day": day,
        "starts": start.time(),
        "ends": end.time(),
        "modality": found.modality,
        "room": found.room,
        "topic": found.topic,
    }


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def cancel(request: StaffRequest, session: str) -> HttpResponse:
    """The program cancels; the page says first who is affected."""
    found = _session(session)
    if refused := _refused_site(request, found):
        return refused
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_session(actor=request.actor, session=found, reason=form.cleaned_data["reason"])
        except Refused as refused_cancel:
            form.add_error(None, refused_cancel.sentence)
        else:
            undo = reverse("schedule:reinstate", args=[found.public_id])
            toasts.done(request, _("Canceled. It shows on the page of everybody booked."), undo_url=undo)
            return _back(found)
    return render(
        request,
        "schedule/session_cancel.html",
        {"session": found, "form": form, "zone": found.site.time_zone},
    )


@requires(permissions.EDIT)
@require_POST
def reinstate(request: StaffRequest, session: str) -> HttpResponse:
    """It takes place after all."""
    found = _session(session)
    if refused := _refused_site(request, found):
        return refused
    with toasts.telling(request, _("It takes place. Seats came back for those who are still free.")):
        services.reinstate_session(actor=request.actor, session=found)
    return _back(found)


def _let_lead(request: StaffRequest, found: Session, form: CoverForm) -> None:
    """Instead of somebody, or where nobody leads yet."""
    away, by = form.cleaned_data.get("away"), form.cleaned_data["by"]
    if away is None:
        services.add_leader(actor=request.actor, session=found, staff=by, check_reason=form.check_reason)
    else:
        services.cover(actor=request.actor, session=found, away=away, by=by, check_reason=form.check_reason)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def cover(request: StaffRequest, session: str) -> HttpResponse:
    """A colleague leads instead."""
    found = _session(session)
    if refused := _refused_site(request, found):
        return refused
    leading = StaffMember.objects.filter(
        sessions_led__session=found, sessions_led__status=SessionStaff.Status.LEADS
    )
    form = CoverForm(leading, found.site, request.POST or None, initial={"away": leading.first()})
    if request.method == "POST" and form.is_valid():
        try:
            _let_lead(request, found, form)
        except Refused as refused_act:
            form.refuse(refused_act)
        else:
            toasts.done(request, _("%(name)s leads this session.") % {"name": form.cleaned_data["by"].name})
            return _back(found)
    return render(
        request, "schedule/session_cover.html", {"session": found, "form": form, "zone": found.site.time_zone}
    )
