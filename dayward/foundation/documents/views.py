from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.zones import in_zone_of_person, zone_of
from dayward.foundation.documents import queries, responses, services
from dayward.foundation.documents.forms import AddForm
from dayward.foundation.documents.models import Document
from dayward.foundation.documents.permissions import ADD, READ
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import Reading
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts


def panel_context(request: HttpRequest, person: Person) -> Reading[dict[str, Any]]:
    """For the chart: the newest few, and how many there are."""
    listed = yield from queries.read_list(person)
    found = [each for each in listed if not each.in_error]
    return {"person": person, "documents": found[:5], "count": len(found), "zone": zone_of(person)}


@require_http_methods(["GET", "POST"])
@requires_chart(READ)
@in_zone_of_person
def documents(request: ChartRequest, person: str) -> HttpResponse:
    """Every document of the chart; those who may add one."""
    form = AddForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and request.may(ADD) and form.is_valid() and _add(request, form):
        return redirect("documents:list", person=request.person.public_id)
    context = {
        "person": request.person,
        "documents": queries.list_of(request.person),
        "form": form,
        "may_add": request.may(ADD),
    }
    return render(request, "documents/list.html", context, status=200 if request.method == "GET" else 422)


def _add(request: ChartRequest, form: AddForm) -> bool:
    upload = form.cleaned_data["file"]
    content = upload.read()
    try:
        services.keep(
            actor=request.actor,
            person=request.person,
            content=content,
            kind=form.cleaned_data["kind"],
            title=form.cleaned_data["title"],
            file_name=upload.name or "",
            media_type=services.typed(content),
        )
    except Refused as refused:
        form.add_error("file", refused.sentence)
        return False
    toasts.done(request, _("The document is in the chart."))
    return True


@require_GET
@requires_chart(READ)
def content(request: ChartRequest, person: str, document: str) -> HttpResponse:
    """The document as it came, as a file."""
    return responses.send(_find(request, document))


@require_POST
@requires_chart(ADD)
def enter_in_error(request: ChartRequest, person: str, document: str) -> HttpResponse:
    """Mark a document that does not belong here."""
    found = _find(request, document)
    try:
        services.enter_in_error(
            actor=request.actor, document=found, reason=request.POST.get("reason", "")[:300]
        )
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("documents:list", person=request.person.public_id)
    undo = reverse("documents:take_back_error", kwargs={"person": person, "document": document})
    text = _("“%(title)s” is marked as entered in error.") % {"title": found.title}
    toasts.done(request, text, undo_url=undo)
    return redirect("documents:list", person=request.person.public_id)


@require_POST
@requires_chart(ADD)
def take_back_error(request: ChartRequest, person: str, document: str) -> HttpResponse:
    """Undo."""
    services.take_back_error(actor=request.actor, document=_find(request, document))
    toasts.done(request, _("It counts again."))
    return redirect("documents:list", person=request.person.public_id)


def _find(request: ChartRequest, document: str) -> Document:
    return get_object_or_404(queries.documents_of(request.person), public_id=document)
