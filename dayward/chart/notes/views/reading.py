"""Notes to read: the list, one note, its print; and what may follow a signed one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dayward.chart.notes import library, queries, services
from dayward.chart.notes.models import Note
from dayward.chart.notes.permissions import COSIGN, READ, WRITE
from dayward.foundation.access.requests import ChartRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

A_PAGE = 30


@requires_chart(READ)
@require_safe
def chart(request: ChartRequest, person: str) -> HttpResponse:
    """Everything written about this person, newest first, by kind if asked."""
    kinds = library.templates()
    kind = request.GET.get("kind", "")
    rows = queries.notes_of(request.person)
    if kind in kinds:
        rows = rows.filter(template=kind)
    context = {
        "person": request.person,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "kinds": [(key, template.title) for key, template in kinds.items()],
        "kind": kind if kind in kinds else "",
        "may_write": request.may(WRITE),
    }
    return render(request, "notes/chart.html", context)


def _note(request: ChartRequest, public_id: str) -> Note:
    return get_object_or_404(queries.notes_of(request.person), public_id=public_id)


@requires_chart(READ)
@require_safe
def note(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """One note, word for word as it was signed."""
    found = _note(request, note)
    if not found.is_signed and request.may(WRITE) and found.entered_in_error_at is None:
        if found.booking is not None and found.amends_id is None:
            return redirect("notes:booking", person=request.person.public_id, booking=found.booking.public_id)
        return redirect("notes:edit", person=request.person.public_id, note=found.public_id)
    mine = found.signature is not None and found.signature.staff_id == request.staff.pk
    context = {
        "person": request.person,
        "note": found,
        "template": queries.template_of(found),
        "amendment": Note.objects.signed().filter(amends=found).first(),
        "family": queries.present_family(found),
        "may_write": request.may(WRITE),
        "may_cosign": found.waits_for_cosigning and not mine and _asked(request, found),
    }
    return render(request, "notes/note.html", context)


def _asked(request: ChartRequest, note: Note) -> bool:
    return request.may(COSIGN) or note.cosigner_id == request.staff.pk


@requires_chart(READ)
@require_safe
def print_note(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """One signed note on a sheet."""
    found = get_object_or_404(queries.notes_of(request.person).signed(), public_id=note)
    context = {"person": request.person, "note": found, "template": queries.template_of(found)}
    return render(request, "notes/print.html", context)


def _back(request: ChartRequest, note: Note) -> HttpResponse:
    return redirect("notes:note", person=request.person.public_id, note=note.public_id)


@requires_chart(WRITE)
@require_POST
def cosign(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """Sign after somebody who works under supervision."""
    found = _note(request, note)
    if not _asked(request, found):
        toasts.refuse(request, _("Another supervisor was asked to sign this."))
        return _back(request, found)
    with toasts.telling(request, _("Signed after the author.")):
        services.cosign(actor=request.actor, note=found, typed_name=request.POST.get("typed_name", ""))
    return _back(request, found)


@requires_chart(WRITE)
@require_POST
def amend(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """Begin an amendment: a draft with the signed words."""
    found = _note(request, note)
    try:
        draft = services.amend(actor=request.actor, note=found, reason=request.POST.get("reason", ""))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return _back(request, found)
    return redirect("notes:edit", person=request.person.public_id, note=draft.public_id)


@requires_chart(WRITE)
@require_POST
def enter_in_error(request: ChartRequest, person: str, note: str) -> HttpResponse:
    """Say that it should not have been written; it stays readable."""
    found = _note(request, note)
    try:
        services.enter_in_error(actor=request.actor, note=found, reason=request.POST.get("reason", ""))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return _back(request, found)
    toasts.done(request, _("Marked as entered in error. It stays readable and counts no longer."))
    return redirect("notes:chart", person=request.person.public_id)
