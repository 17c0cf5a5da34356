"""Programs with their numbers and tracks; rooms."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dayward.care.catalog import permissions, services
from dayward.care.catalog.forms import (
    ProgramEditForm,
    ProgramForm,
    RoomForm,
    TermsForm,
    TrackForm,
)
from dayward.care.catalog.models import Program, Room, Track
from dayward.care.catalog.queries import terms_on
from dayward.care.catalog.rules.terms import warnings
from dayward.care.catalog.views.pages import (
    editable_site,
    form_page,
    program_of,
    sites_of,
    to_program,
    to_programs,
    tried,
)
from dayward.care.catalog.words import WARNINGS
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.queries import day_at
from dayward.foundation.people.corrections import history_of
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


@requires(permissions.SEE)
@require_safe
def programs(request: StaffRequest) -> HttpResponse:
    """Programs by site, with tracks; rooms and the kinds of services."""
    sites = sites_of(request)
    rows = (
        Program.objects.filter(site__in=sites, closed_on=None)
        .select_related("site")
        .prefetch_related("tracks", "terms")
    )
    context = {
        "programs": [
            (row, terms_on(row, day_at(row.site)), [one for one in row.tracks.all() if one.closed_on is None])
            for row in rows.prefetch_related("tracks", "terms")
        ],
        "rooms": Room.objects.filter(site__in=sites, closed_on=None).select_related("site"),
        "closed_rooms": Room.objects.filter(site__in=sites, closed_on__isnull=False).select_related("site"),
        "closed_programs": Program.objects.filter(site__in=sites, closed_on__isnull=False).select_related(
            "site"
        ),
        "sites": sites,
        "may_edit": request.may(permissions.EDIT),
    }
    return render(request, "catalog/programs.html", context)


@requires(permissions.SEE)
@require_safe
def program(request: StaffRequest, program: str) -> HttpResponse:
    """One program: its numbers now, before and later; its tracks."""
    found = program_of(request, program)
    today = local_day(timezone.now(), found.site.zone)
    terms = terms_on(found, today)
    context = {
        "program": found,
        "terms": terms,
        "warnings": [WARNINGS[each] for each in warnings(terms.plain())] if terms else [],
        "history": history_of(found.terms.order_by("-effective_from")),
        "tracks": found.tracks.filter(closed_on=None),
        "closed_tracks": found.tracks.filter(closed_on__isnull=False),
        "today": today,
        "may_edit": request.powers.may(permissions.EDIT, found.site),
    }
    return render(request, "catalog/program.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_program(request: StaffRequest) -> HttpResponse:
    """A new program; its numbers are the next step."""
    site = editable_site(request, request.GET.get("site"))
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Program] = []
        if tried(
            form,
            lambda: made.append(services.add_program(actor=request.actor, site=site, **form.cleaned_data)),
        ):
            toasts.done(request, _("The program is there. Now its numbers."))
            return redirect("catalog:terms", program=made[0].public_id)
    return form_page(request, form, _("New program"), to_programs(), site.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_program(request: StaffRequest, program: str) -> HttpResponse:
    """Name, what it treats, Part 2."""
    found = program_of(request, program)
    editable_site(request, found.site.public_id)
    initial = {"name": found.name, "stream": found.stream, "part_two": found.part_two}
    form = ProgramEditForm(request.POST or None, initial=initial)

    def edit() -> object:
        return services.edit_program(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect("catalog:program", program=found.public_id)
    return form_page(request, form, _("Change the program"), to_program(found), found.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def terms(request: StaffRequest, program: str) -> HttpResponse:
    """New numbers from a day on; what is unusual is said before they are kept."""
    found = program_of(request, program)
    editable_site(request, found.site.public_id)
    today = local_day(timezone.now(), found.site.zone)
    initial = {"effective_from": today, **TermsForm.initial_of(terms_on(found, today), found.age_group)}
    form = TermsForm(request.POST or None, initial=initial)
    is_first = not found.terms.exists()

    def keep() -> object:
        return services.set_terms(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, keep):
        kept = _("Kept. Weeks before that day are counted as they were.")
        toasts.done(request, _("Kept. Now a track: a timetable within it.") if is_first else kept)
        return redirect("catalog:program", program=found.public_id)
    context = {"form": form, "program": found, "is_first": is_first}
    return render(request, "catalog/terms.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_track(request: StaffRequest, program: str) -> HttpResponse:
    """A weekly timetable; groups give it its hours."""
    found = program_of(request, program)
    editable_site(request, found.site.public_id)
    form = TrackForm(request.POST or None)

    def add() -> object:
        return services.add_track(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, add):
        toasts.done(request, _("The track is there. Groups give it its hours."))
        return redirect("catalog:program", program=found.public_id)
    return form_page(request, form, _("New track"), to_program(found), found.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_track(request: StaffRequest, track: str) -> HttpResponse:
    """Name, words, usual cap."""
    found = get_object_or_404(Track.objects.select_related("program__site"), public_id=track)
    editable_site(request, found.program.site.public_id)
    initial = {name: getattr(found, name) for name in TrackForm.base_fields}
    form = TrackForm(request.POST or None, initial=initial)
    back = to_program(found.program)

    def edit() -> object:
        return services.edit_track(actor=request.actor, track=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect(back.url)
    closes = reverse("catalog:close_track", args=[track])
    return form_page(request, form, _("Change the track"), back, found.name, closes)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_room(request: StaffRequest, site: str) -> HttpResponse:
    """A room with its seats."""
    where = editable_site(request, site)
    form = RoomForm(request.POST or None)

    def add() -> object:
        return services.add_room(actor=request.actor, site=where, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, add):
        toasts.done(request, _("Added."))
        return redirect("catalog:programs")
    return form_page(request, form, _("New room"), to_programs(), where.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_room(request: StaffRequest, room: str) -> HttpResponse:
    """Name and seats."""
    found = get_object_or_404(Room.objects.select_related("site"), public_id=room)
    editable_site(request, found.site.public_id)
    form = RoomForm(request.POST or None, initial={"name": found.name, "seats": found.seats})

    def edit() -> object:
        return services.edit_room(actor=request.actor, room=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect("catalog:programs")
    closes = reverse("catalog:close_room", args=[room])
    return form_page(request, form, _("Change the room"), to_programs(), found.site.name, closes)
