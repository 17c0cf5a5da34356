"""Writing down somebody new, and saying that two rows are one person."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people import permissions, queries, services
from dayward.foundation.people.forms import ReasonForm, RegisterForm
from dayward.foundation.people.models import Person
from dayward.foundation.people.requests import ActingRequest, PersonRequest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import Permission, requires, requires_chart
from dayward.ui import toasts


@requires(permissions.REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: ActingRequest) -> HttpResponse:
    """Write down somebody new, after a look whether they are new."""
    form = RegisterForm(request.POST or None)
    candidates: list[queries.Candidate] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        candidates = queries.possible_duplicates(
            given=told["legal_given"],
            family=told["legal_family"],
            birth_date=told["birth_date"],
            phones=[told["phone"]] if told["phone"] else [],
            sites=_sites(request, permissions.REGISTER),
            within=request.powers.bound(permissions.REGISTER, person=""),
        )
        if not candidates or "new" in request.POST:
            return _register(request, told)
        _write_down_whom_it_showed(request, candidates)
    context = {"form": form, "candidates": candidates, "has_charts": request.may(permissions.READ)}
    return render(request, "people/register.html", context)


def _sites(request: ActingRequest, permission: Permission) -> list[int]:
    return [site.pk for site in request.powers.places(permission)]


def _write_down_whom_it_showed(request: ActingRequest, candidates: list[queries.Candidate]) -> None:
    """A name in the answer says that somebody is known here."""
    shown = sorted(one.person.public_id for one in candidates)
    if shown:
        view = request.resolver_match.view_name if request.resolver_match else ""
        record(actor=request.actor, action=view, kind=Entry.Kind.VIEW, people=shown)


def _register(request: ActingRequest, told: dict[str, object]) -> HttpResponse:
    phone = str(told.pop("phone") or "")
    staff = request.actor.staff
    site = (staff.sites.first() if staff else None) or Site.objects.order_by("pk").first()
    person = services.register_person(actor=request.actor, site=site, **told)
    if phone:
        services.add_contact_point(actor=request.actor, person=person, kind="phone", value=phone)
    toasts.done(request, _("Written down."))
    if request.powers.chart(person).may(permissions.READ):
        return redirect("people:person", person=person.public_id)
    return redirect("staff:search")


@requires_chart(permissions.EDIT)
@require_GET
def duplicates(request: PersonRequest, person: str) -> HttpResponse:
    """Who this may also be, and who is said to be the same."""
    current = request.person
    sites, within = _sites(request, permissions.EDIT), request.powers.bound(permissions.EDIT, person="")
    candidates = queries.duplicates_of(current, sites, within)
    _write_down_whom_it_showed(request, candidates)
    context = {
        "person": current,
        "candidates": candidates,
        "linked": Person.objects.filter(same_as_id__in=current.all_ids) if current.all_ids[1:] else [],
    }
    return render(request, "people/duplicates.html", context)


@requires_chart(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def same(request: PersonRequest, person: str, other: str) -> HttpResponse:
    """Say that `other` is the same person, after both were seen side by side."""
    duplicate = get_object_or_404(Person.objects.read().select_related("site"), public_id=other)
    if not request.powers.may(permissions.READ, duplicate.site):  # of another site they learn nothing
        raise Http404
    if not request.powers.chart(duplicate).may(permissions.READ):
        return redirect("people:person", person=other)  # says why it is closed, and what can be done
    if request.method == "POST" and _only_in_need(request, duplicate):
        toasts.refuse(request, _("A chart open to you by break-glass is not linked to another."))
        return redirect("people:duplicates", person=request.person.public_id)
    record(actor=request.actor, action="people:same", kind=Entry.Kind.VIEW, person=duplicate)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_same(
                actor=request.actor,
                duplicate=duplicate,
                same_as=request.person,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            undo = reverse("people:undo_same", args=[request.person.public_id, duplicate.public_id])
            toasts.done(request, _("One person from now on."), undo_url=undo)
            return redirect("people:person", person=request.person.public_id)
    context = {
        "person": request.person,
        "form": form,
        "rows": queries.side_by_side(request.person, duplicate),
    }
    return render(request, "people/same.html", {**context, "other": duplicate})


def _only_in_need(request: PersonRequest, other: Person) -> bool:
    """The care team of either opens both: through break-glass nobody is let in for longer."""
    chart = request.powers.chart(other)
    return chart.only_in_need(permissions.READ) or request.chart.only_in_need(permissions.EDIT)


@requires_chart(permissions.EDIT)
@require_POST
def undo_same(request: PersonRequest, person: str, other: str) -> HttpResponse:
    """They are two people after all."""
    duplicate = get_object_or_404(Person, public_id=other, pk__in=request.person.all_ids)
    with toasts.telling(request, _("Two people again.")):
        services.undo_same(actor=request.actor, duplicate=duplicate)
    return redirect("people:duplicates", person=request.person.public_id)
