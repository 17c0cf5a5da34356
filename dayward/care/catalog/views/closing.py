"""Closing what is not used any more, and opening it again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dayward.care.catalog import permissions, services
from dayward.care.catalog.models import Room, Track
from dayward.care.catalog.views.pages import (
    editable_site,
    kind_of,
    program_of,
)
from dayward.foundation.access.requests import StaffRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.ui import toasts


@requires(permissions.EDIT)
@require_POST
def close_room(request: StaffRequest, room: str) -> HttpResponse:
    """Not used from today on; a closed one is opened again."""
    found = get_object_or_404(Room.objects.select_related("site"), public_id=room)
    editable_site(request, found.site.public_id)
    return _turn(request, found, reverse("catalog:programs"), reverse("catalog:close_room", args=[room]))


@requires(permissions.EDIT)
@require_POST
def close_kind(request: StaffRequest, kind: str) -> HttpResponse:
    """Nothing new of it from today on; a closed one is used again."""
    back, undo = reverse("catalog:kinds"), reverse("catalog:close_kind", args=[kind])
    return _turn(request, kind_of(request, kind), back, undo)


@requires(permissions.EDIT)
@require_POST
def close_track(request: StaffRequest, track: str) -> HttpResponse:
    """Not used from today on; a closed one is opened again."""
    found = get_object_or_404(Track.objects.select_related("program__site"), public_id=track)
    editable_site(request, found.program.site.public_id)
    back = reverse("catalog:program", args=[found.program.public_id])
    return _turn(request, found, back, reverse("catalog:close_track", args=[track]))


@requires(permissions.EDIT)
@require_POST
def close_program(request: StaffRequest, program: str) -> HttpResponse:
    """Nobody is admitted to it from today on; a closed one is opened again."""
    found = program_of(request, program)
    editable_site(request, found.site.public_id)
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
