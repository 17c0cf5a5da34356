"""Numbers, addresses, identifiers, relatives: each is added, corrected and ended, with undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dayward.foundation.people import permissions, services
from dayward.foundation.people.forms import AddressForm, ContactPointForm, IdentifierForm, RelativeForm
from dayward.foundation.people.models import ContactPoint, Relationship
from dayward.foundation.people.requests import PersonRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires_chart
from dayward.ui import toasts

BOTH = ["GET", "POST"]


def _page(request: PersonRequest, form: BaseForm, title: str) -> HttpResponse:
    context = {"person": request.person, "form": form, "title": title}
    return render(request, "people/detail_form.html", context)


def _back(request: PersonRequest) -> HttpResponse:
    return redirect("people:person", person=request.person.public_id)


def _add(
    request: PersonRequest, form: BaseForm, add: Callable[..., object], title: str, done: str
) -> HttpResponse:
    """The form, until it is written down."""
    if request.method == "POST" and form.is_valid():
        add(actor=request.actor, person=request.person, **form.cleaned_data)
        toasts.done(request, done)
        return _back(request)
    return _page(request, form, title)


@requires_chart(permissions.EDIT)
@require_http_methods(BOTH)
def add_contact(request: PersonRequest, person: str) -> HttpResponse:
    """A phone number or mail address, with what is safe."""
    form = ContactPointForm(request.POST or None)
    return _add(
        request, form, services.add_contact_point, _("Add a phone number or mail address"), _("Added.")
    )


@requires_chart(permissions.EDIT)
@require_http_methods(BOTH)
def edit_contact(request: PersonRequest, person: str, point: str) -> HttpResponse:
    """What is safe to do with a number."""
    current = _point(request, point)
    form = ContactPointForm(request.POST or None, instance=current)
    if request.method == "POST" and form.is_valid():
        services.update_contact_point(actor=request.actor, point=current, **form.cleaned_data)
        toasts.done(request, _("Saved."))
        return _back(request)
    return _page(request, form, _("Correct a phone number or mail address"))


@requires_chart(permissions.EDIT)
@require_POST
def end_contact(request: PersonRequest, person: str, point: str) -> HttpResponse:
    """The number no longer works, or is not theirs."""
    current = _point(request, point)
    services.end_contact_point(actor=request.actor, point=current)
    again = reverse("people:restore_contact", args=[request.person.public_id, current.public_id])
    toasts.done(request, _("No longer used."), undo_url=again)
    return _back(request)


@requires_chart(permissions.EDIT)
@require_POST
def restore_contact(request: PersonRequest, person: str, point: str) -> HttpResponse:
    """Undo of ending it."""
    with toasts.telling(request, _("In use again.")):
        services.restore_contact_point(actor=request.actor, point=_point(request, point))
    return _back(request)


def _point(request: PersonRequest, public_id: str) -> ContactPoint:
    return get_object_or_404(ContactPoint, public_id=public_id, person_id__in=request.person.all_ids)


@requires_chart(permissions.EDIT)
@require_http_methods(BOTH)
def add_address(request: PersonRequest, person: str) -> HttpResponse:
    """Where they live now; the address before is kept as past."""
    form = AddressForm(request.POST or None)
    done = _("Saved. The address before is kept as past.")
    return _add(request, form, services.add_address, _("New address"), done)


@requires_chart(permissions.EDIT)
@require_http_methods(BOTH)
def add_identifier(request: PersonRequest, person: str) -> HttpResponse:
    """A number that a hospital or payer knows them by."""
    form = IdentifierForm(request.POST or None)
    title = _("Add a number others know them by")
    return _add(request, form, services.add_identifier, title, _("Added."))


@requires_chart(permissions.EDIT)
@require_http_methods(BOTH)
def add_relative(request: PersonRequest, person: str) -> HttpResponse:
    """A relative, guardian or friend."""
    form = RelativeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _add_relative(request, form.cleaned_data, form.link())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            toasts.done(request, _("Added."))
            return _back(request)
    return _page(request, form, _("Add a relative, guardian or friend"))


def _add_relative(request: PersonRequest, told: dict[str, Any], link: dict[str, Any]) -> None:
    relative = services.register_person(
        actor=request.actor,
        site=request.person.site,
        legal_given=told["given"],
        legal_family=told["family"],
    )
    if told["phone"]:
        services.add_contact_point(
            actor=request.actor, person=relative, kind="phone", value=told["phone"], may_call=True
        )
    services.add_relationship(
        actor=request.actor, person=request.person, relative=relative, kind=told["kind"], **link
    )


@requires_chart(permissions.EDIT)
@require_POST
def end_relative(request: PersonRequest, person: str, relationship: str) -> HttpResponse:
    """A relationship that is over; it stays readable as past."""
    found = Relationship.objects.filter(public_id=relationship, person_id__in=request.person.all_ids).first()
    if found is None:
        raise Http404
    services.end_relationship(actor=request.actor, relationship=found)
    again = reverse("people:restore_relative", args=[request.person.public_id, found.public_id])
    toasts.done(request, _("Kept as past."), undo_url=again)
    return _back(request)


@requires_chart(permissions.EDIT)
@require_POST
def restore_relative(request: PersonRequest, person: str, relationship: str) -> HttpResponse:
    """Undo of ending it."""
    found = get_object_or_404(Relationship, public_id=relationship, person_id__in=request.person.all_ids)
    services.restore_relationship(actor=request.actor, relationship=found)
    toasts.done(request, _("Among the relatives again."))
    return _back(request)
