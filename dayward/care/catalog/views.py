from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dayward.care.catalog import permissions, services
from dayward.care.catalog.forms import (
    CountingForm,
    OwnKindForm,
    ProgramEditForm,
    ProgramForm,
    RoomForm,
    ServiceKindForm,
    TermsForm,
    TrackForm,
)
from dayward.care.catalog.models import KindEdit, Program, Room, ServiceKind, Track
from dayward.care.catalog.queries import terms_on
from dayward.care.catalog.rules.terms import warnings
from dayward.care.catalog.words import WARNINGS
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import day_at
from dayward.foundation.people.queries import names_of
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def _sites(request: StaffRequest) -> list[Site]:
    return request.powers.places(permissions.SEE)


def _program(request: StaffRequest, public_id: str) -> Program:
    rows = Program.objects.select_related("site").filter(site__in=_sites(request))
    return get_object_or_404(rows, public_id=public_id)


def _editable_site(request: StaffRequest, public_id: str | None) -> Site:
    """The site chosen, of those this role may change; the first without a choice."""
    sites = request.powers.sites(permissions.EDIT)
    found = next((site for site in sites if site.public_id == public_id), None)
    if found is None and (public_id or not sites):
        raise Http404
    return found or sites[0]


@dataclass(frozen=True)
class Back:
    """Where a form leads back to."""

    url: str
    label: str


def _to_programs() -> Back:
    return Back(reverse("catalog:programs"), _("Programs"))


def _to_program(program: Program) -> Back:
    return Back(reverse("catalog:program", args=[program.public_id]), _("Program"))


def _to_kinds() -> Back:
    return Back(reverse("catalog:kinds"), _("Services"))


def _form_page(
    request: StaffRequest, form: Form, title: str, back: Back, subtitle: str = "", closes: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "subtitle": subtitle, "closes": closes}
    return render(request, "catalog/form.html", context)


def _tried(form: Form, act: Callable[[], object]) -> bool:
    """Do it; on a refusal the form says why."""
    try:
        act()
    except Refused as refused:
        for sentence in refused.reasons:
            form.add_error(None, sentence)
        return False
    return True


@requires(permissions.SEE)
@require_safe
def programs(request: StaffRequest) -> HttpResponse:
    """Programs by site, with tracks; rooms and the kinds of services."""
    sites = _sites(request)
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
    found = _program(request, program)
    today = local_day(timezone.now(), found.site.zone)
    terms, history = terms_on(found, today), list(found.terms.order_by("-effective_from"))
    names = names_of({each.set_by for each in history})
    context = {
        "program": found,
        "terms": terms,
        "warnings": [WARNINGS[each] for each in warnings(terms.plain())] if terms else [],
        "history": [(each, names.get(each.set_by, "")) for each in history],
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
    site = _editable_site(request, request.GET.get("site"))
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Program] = []
        if _tried(
            form,
            lambda: made.append(services.add_program(actor=request.actor, site=site, **form.cleaned_data)),
        ):
            toasts.done(request, _("The program is there. Now its numbers."))
            return redirect("catalog:terms", program=made[0].public_id)
    return _form_page(request, form, _("New program"), _to_programs(), site.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_program(request: StaffRequest, program: str) -> HttpResponse:
    """Name, what it treats, Part 2."""
    found = _program(request, program)
    _editable_site(request, found.site.public_id)
    initial = {"name": found.name, "stream": found.stream, "part_two": found.part_two}
    form = ProgramEditForm(request.POST or None, initial=initial)

    def edit() -> object:
        return services.edit_program(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect("catalog:program", program=found.public_id)
    return _form_page(request, form, _("Change the program"), _to_program(found), found.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def terms(request: StaffRequest, program: str) -> HttpResponse:
    """New numbers from a day on; what is unusual is said before they are kept."""
    found = _program(request, program)
    _editable_site(request, found.site.public_id)
    today = local_day(timezone.now(), found.site.zone)
    initial = {"effective_from": today, **TermsForm.initial_of(terms_on(found, today), found.age_group)}
    form = TermsForm(request.POST or None, initial=initial)
    is_first = not found.terms.exists()

    def keep() -> object:
        return services.set_terms(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, keep):
        kept = _("Kept. Weeks before that day are counted as they were.")
        toasts.done(request, _("Kept. Now a track: a timetable within it.") if is_first else kept)
        return redirect("catalog:program", program=found.public_id)
    context = {"form": form, "program": found, "is_first": is_first}
    return render(request, "catalog/terms.html", context)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_track(request: StaffRequest, program: str) -> HttpResponse:
    """A weekly timetable; groups give it its hours."""
    found = _program(request, program)
    _editable_site(request, found.site.public_id)
    form = TrackForm(request.POST or None)

    def add() -> object:
        return services.add_track(actor=request.actor, program=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, add):
        toasts.done(request, _("The track is there. Groups give it its hours."))
        return redirect("catalog:program", program=found.public_id)
    return _form_page(request, form, _("New track"), _to_program(found), found.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_track(request: StaffRequest, track: str) -> HttpResponse:
    """Name, words, usual cap."""
    found = get_object_or_404(Track.objects.select_related("program__site"), public_id=track)
    _editable_site(request, found.program.site.public_id)
    initial = {name: getattr(found, name) for name in TrackForm.base_fields}
    form = TrackForm(request.POST or None, initial=initial)
    back = _to_program(found.program)

    def edit() -> object:
        return services.edit_track(actor=request.actor, track=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect(back.url)
    closes = reverse("catalog:close_track", args=[track])
    return _form_page(request, form, _("Change the track"), back, found.name, closes)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_room(request: StaffRequest, site: str) -> HttpResponse:
    """A room with its seats."""
    where = _editable_site(request, site)
    form = RoomForm(request.POST or None)

    def add() -> object:
        return services.add_room(actor=request.actor, site=where, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, add):
        toasts.done(request, _("Added."))
        return redirect("catalog:programs")
    return _form_page(request, form, _("New room"), _to_programs(), where.name)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_room(request: StaffRequest, room: str) -> HttpResponse:
    """Name and seats."""
    found = get_object_or_404(Room.objects.select_related("site"), public_id=room)
    _editable_site(request, found.site.public_id)
    form = RoomForm(request.POST or None, initial={"name": found.name, "seats": found.seats})

    def edit() -> object:
        return services.edit_room(actor=request.actor, room=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, edit):
        toasts.done(request, _("Saved."))
        return redirect("catalog:programs")
    closes = reverse("catalog:close_room", args=[room])
    return _form_page(request, form, _("Change the room"), _to_programs(), found.site.name, closes)


@requires(permissions.SEE)
@require_safe
def kinds(request: StaffRequest) -> HttpResponse:
    """Every kind of service, whether it can be booked and whether it counts."""
    today, rows = timezone.localdate(), list(ServiceKind.objects.all())
    context = {
        "kinds": [(kind, *_counting(kind, today)) for kind in rows if kind.closed_on is None],
        "closed": [kind for kind in rows if kind.closed_on is not None],
        "may_edit": _everywhere(request),
    }
    return render(request, "catalog/kinds.html", context)


def _everywhere(request: StaffRequest) -> bool:
    """Kinds of services are of the whole house: whose right is for some sites only leaves them alone."""
    return request.powers.everywhere(permissions.EDIT)


def _kind(request: StaffRequest, public_id: str) -> ServiceKind:
    if not _everywhere(request):
        raise Http404
    return get_object_or_404(ServiceKind, public_id=public_id)


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def add_kind(request: StaffRequest) -> HttpResponse:
    """A kind of service of the clinic's own."""
    if not _everywhere(request):
        raise Http404
    form = OwnKindForm(request.POST or None)

    def add() -> object:
        return services.add_service_kind(actor=request.actor, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, add):
        toasts.done(request, _("Added."))
        return redirect("catalog:kinds")
    return _form_page(request, form, _("A service of your own"), _to_kinds())


def _counting(kind: ServiceKind, today: date) -> tuple[str, date | None, tuple[date, str] | None]:
    """What holds today, since when, and what holds next."""
    dated = [(date.fromisoformat(day), word) for day, word in kind.dated]
    since = max((day for day, _word in dated if day <= today), default=None)
    ahead = min(((day, word) for day, word in dated if day > today), default=None)
    words = dict(ServiceKind.Counts.choices)
    return kind.counting_on(today), since, (ahead[0], str(words[ahead[1]])) if ahead else None


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def edit_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """How the clinic uses a kind of service, what came otherwise, and who changed it."""
    found = _kind(request, kind)
    initial = {name: getattr(found, name) for name in ServiceKindForm.base_fields}
    form = ServiceKindForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_service_kind(actor=request.actor, kind=found, **form.cleaned_data)
        toasts.done(request, _("Saved."))
        return redirect("catalog:kinds")
    edits = list(found.edits.order_by("-made_at", "-pk"))
    names = names_of({each.made_by for each in edits})
    words = {name: str(field.label) for name, field in ServiceKindForm.base_fields.items()}
    came = services.differs(found)
    context = {
        "form": form,
        "kind": found,
        "came": [(words[name], value) for name, value in came.items() if name in words],
        "history": [(each, names.get(each.made_by, ""), _changed(each, words)) for each in edits],
    }
    return render(request, "catalog/kind.html", context)


def _changed(edit: KindEdit, words: dict[str, str]) -> list[tuple[str, object, object]]:
    return [(words.get(name, name), before, after) for name, (before, after) in edit.changes.items()]


@requires(permissions.EDIT)
@require_http_methods(BOTH)
def counting(request: StaffRequest, kind: str) -> HttpResponse:
    """Whether a kind counts toward the floor, from a day on; what held before stays in the list."""
    found = _kind(request, kind)
    today = timezone.localdate()
    initial = {"effective_from": today, "counting": found.counting_on(today)}
    form = CountingForm(request.POST or None, initial=initial)

    def keep() -> object:
        return services.set_counting(actor=request.actor, kind=found, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _tried(form, keep):
        toasts.done(request, _("Kept. Sessions before that day are counted as they were."))
        return redirect("catalog:kinds")
    context = {"form": form, "kind": found, "history": found.countings.order_by("-effective_from")}
    return render(request, "catalog/counting.html", context)


# -- closing -------------------------------------------------------------------------------------------------------


@requires(permissions.EDIT)
@require_POST
def close_room(request: StaffRequest, room: str) -> HttpResponse:
    """Not used from today on; a closed one is opened again."""
    found = get_object_or_404(Room.objects.select_related("site"), public_id=room)
    _editable_site(request, found.site.public_id)
    return _turn(request, found, reverse("catalog:programs"), reverse("catalog:close_room", args=[room]))


@requires(permissions.EDIT)
@require_POST
def close_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """Nothing new of it from today on; a closed one is used again."""
    back, undo = reverse("catalog:kinds"), reverse("catalog:close_kind", args=[kind])
    return _turn(request, _kind(request, kind), back, undo)


@requires(permissions.EDIT)
@require_POST
def close_track(request: StaffRequest, track: str) -> HttpResponse:
    """Not used from today on; a closed one is opened again."""
    found = get_object_or_404(Track.objects.select_related("program__site"), public_id=track)
    _editable_site(request, found.program.site.public_id)
    back = reverse("catalog:program", args=[found.program.public_id])
    return _turn(request, found, back, reverse("catalog:close_track", args=[track]))


@requires(permissions.EDIT)
@require_POST
def close_program(request: StaffRequest, program: str) -> HttpResponse:
    """Nobody is admitted to it from today on; a closed one is opened again."""
    found = _program(request, program)
    _editable_site(request, found.site.public_id)
    back = reverse("catalog:program", args=[program])
    return _turn(request, found, back, reverse("catalog:close_program", args=[program]))


def _turn(request: StaffRequest, row: services.Closing, back: str, undo: str) -> HttpResponse:
    """Close what is open, and open what is closed."""
    try:
        if row.closed_on is None:
            services.close(actor=request.actor, row=row)
            toasts.done(request, _("%(name)s is closed.") % {"name": row.name}, undo_url=undo)
        else:
            services.reopen(actor=request.actor, row=row)
            toasts.done(request, _("%(name)s is open again.") % {"name": row.name})
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    return redirect(back)
