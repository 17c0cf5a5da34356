"""Groups and their rhythms; every edit shows its consequence first."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dayward.care.schedule import permissions, services
from dayward.care.schedule.forms import GroupEditForm, GroupForm, SeriesEditForm, SeriesForm
from dayward.care.schedule.models import Booking, Enrollment, Group, Series, Session
from dayward.care.schedule.rules.edits import Kept, Scope
from dayward.care.schedule.times import when
from dayward.care.schedule.views.shared import chosen_site, people_open_to, sites_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


@requires(permissions.SEE)
@require_safe
def groups(request: StaffRequest) -> HttpResponse:
    """The groups of a site with their rhythm and how many are enrolled."""
    sites = sites_of(request, permissions.SEE)
    site = chosen_site(request, sites)
    today = local_day(timezone.now(), site.zone)
    standing = Q(enrollments__ends_on__isnull=True) | Q(enrollments__ends_on__gt=today)
    rows = (
        Group.objects.filter(site=site)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
        .select_related("track", "service")
        .prefetch_related("series__room", "series__facilitators")
        .annotate(people=Count("enrollments", filter=standing))
        .order_by("track__name", "name")
    )
    context = {
        "site": site,
        "sites": sites,
        "groups": rows,
        "today": today,
        "may_edit": request.powers.may(permissions.EDIT, site),
    }
    return render(request, "schedule/groups.html", context)


def _group(request: StaffRequest, public_id: str) -> Group:
    rows = Group.objects.filter(site__in=sites_of(request, permissions.SEE))
    return get_object_or_404(rows.select_related("site", "track__program", "service"), public_id=public_id)


@requires(permissions.SEE)
@require_safe
def group(request: StaffRequest, group: str) -> HttpResponse:
    """One group: rhythm, sessions to come, seats."""
    found = _group(request, group)
    today = local_day(timezone.now(), found.site.zone)
    series = found.series.filter(Q(last_day__isnull=True) | Q(last_day__gte=today))
    context = {
        "group": found,
        "zone": found.site.time_zone,
        "series": series.select_related("room").prefetch_related("facilitators").order_by("starts"),
        "sessions": Session.objects.ahead()
        .with_taken()
        .filter(group=found)
        .select_related("room")
        .order_by("during")[:12],
        "enrolled": Enrollment.objects.standing(today).filter(group=found).count(),
        "may_edit": request.powers.may(permissions.EDIT, found.site),
    }
    return render(request, "schedule/group.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_group(request: StaffRequest) -> HttpResponse:
    """A new group; its rhythm is the next step."""
    sites = sites_of(request, permissions.EDIT)
    site = chosen_site(request, sites)
    chosen = {"track": request.GET["track"]} if "track" in request.GET else {}
    form = GroupForm(site, request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_group(actor=request.actor, site=site, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            toasts.done(request, _("The group is there. Now its rhythm."))
            return redirect("schedule:add_series", group=made.public_id)
    return render(request, "schedule/group_form.html", {"form": form, "site": site, "sites": sites})


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_group(request: StaffRequest, group: str) -> HttpResponse:
    """Name, topic, cap."""
    found = _group(request, group)
    form = GroupEditForm(
        request.POST or None, initial={"name": found.name, "topic": found.topic, "cap": found.cap}
    )
    if request.method == "POST" and form.is_valid() and request.powers.may(permissions.EDIT, found.site):
        try:
            services.edit_group(actor=request.actor, group=found, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            toasts.done(request, _("Changed, also for the sessions to come."))
            return redirect("schedule:group", group=found.public_id)
    return render(request, "schedule/group_form.html", {"form": form, "site": found.site, "group": found})


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def close_group(request: StaffRequest, group: str) -> HttpResponse:
    """It meets no more: what falls away, then the deed."""
    found = _group(request, group)
    today = local_day(timezone.now(), found.site.zone)
    if request.method == "POST" and request.powers.may(permissions.EDIT, found.site):
        try:
            services.close_group(actor=request.actor, group=found, on=today)
        except Refused as refused:
            toasts.refuse(request, refused.sentence)
            return redirect("schedule:group", group=found.public_id)
        toasts.done(request, _("The group is closed. Its past sessions stay."))
        return redirect("schedule:groups")
    ahead = Session.objects.ahead().standing().filter(group=found)
    context = {
        "group": found,
        "sessions": ahead.count(),
        "enrolled": Enrollment.objects.standing(today).filter(group=found).count(),
        "booked": Booking.objects.standing().filter(session__in=ahead).values("person").distinct().count(),
    }
    return render(request, "schedule/group_close.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_series(request: StaffRequest, group: str) -> HttpResponse:
    """When the group meets."""
    found = _group(request, group)
    today = local_day(timezone.now(), found.site.zone)
    form = SeriesForm(found.site, request.POST or None, initial={"first_day": today})
    if request.method == "POST" and form.is_valid() and request.powers.may(permissions.EDIT, found.site):
        try:
            services.start_series(
                actor=request.actor,
                group=found,
                first_day=form.cleaned_data["first_day"],
                shape=form.shape(),
                check_reason=form.check_reason,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            toasts.done(request, _("The sessions of the next eight weeks are on the calendar."))
            return redirect("schedule:group", group=found.public_id)
    return render(request, "schedule/series_form.html", {"form": form, "group": found})


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_series(request: StaffRequest, group: str, series: str) -> HttpResponse:
    """Change a rhythm from a day on or as a whole: first what it does, then the deed."""
    found = _group(request, group)
    row = get_object_or_404(
        Series.objects.select_related("group__site", "room"), public_id=series, group=found
    )
    today = local_day(timezone.now(), found.site.zone)
    initial = SeriesEditForm.initial_of(services.shape_of(row), max(today, row.first_day))
    form = SeriesEditForm(found.site, request.POST or None, initial=initial)
    foreseen = None
    if request.method == "POST" and form.is_valid() and request.powers.may(permissions.EDIT, found.site):
        try:
            if "save" in request.POST:
                _save(request, row, form)
                toasts.done(request, _("Changed. Seats and calendars follow."))
                return redirect("schedule:group", group=found.public_id)
            foreseen = _foreseen(request, row, form, found.site)
        except Conflict as conflict:
            form.add_error(None, conflict.sentence)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "group": found, "series": row, "foreseen": foreseen}
    return render(request, "schedule/series_edit.html", context)


def _save(request: StaffRequest, row: Series, form: SeriesEditForm) -> None:
    services.edit_series(
        actor=request.actor,
        series=row,
        version=int(request.POST.get("version", 0)),
        scope=Scope(form.cleaned_data["scope"]),
        pivot=form.cleaned_data["first_day"],
        shape=form.shape(),
        check_reason=form.check_reason,
    )


def _foreseen(request: StaffRequest, row: Series, form: SeriesEditForm, site: Site) -> dict[str, object]:
    """The consequence in words; people by name only where their chart is open to the reader."""
    scope, pivot = Scope(form.cleaned_data["scope"]), form.cleaned_data["first_day"]
    found = services.consequence(row, scope=scope, pivot=pivot, shape=form.shape())
    sessions = {each.pk: each for each in row.sessions.filter(pk__in=[pk for pk, _why in found.plan.kept])}
    people = {person for person, _sentence in found.people_collisions}
    open_to = people_open_to(request, people)
    return {
        "moves": len(found.plan.moves),
        "new": [when(each.span, site.zone) for each in found.plan.new[:6]],
        "new_count": len(found.plan.new),
        "gone": len(found.plan.gone),
        "seats_lost": found.seats_lost,
        "people_moved": found.people_moved,
        "kept": [
            (when(sessions[pk].span, site.zone), _kept_word(why))
            for pk, why in found.plan.kept
            if pk in sessions
        ],
        "collisions": found.collisions,
        "named": [sentence for person, sentence in found.people_collisions if person in open_to],
        "hidden": len(people - open_to),
        "possible": not found.collisions and not found.people_collisions,
        "since": found.since,
    }


def _kept_word(why: Kept) -> str:
    return {
        Kept.ATTENDED: _("somebody was there"),
        Kept.BEGUN: _("it has begun"),
        Kept.BY_HAND: _("it was changed on its own"),
        Kept.CANCELLED: _("it is canceled"),
    }[why]
