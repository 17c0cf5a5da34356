"""A new inquiry by phone: who, for whom, how to reach them; and whether they are known already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from dayward.care.journey import services
from dayward.care.journey.forms.intake import InquiryForm
from dayward.care.journey.models import IntakeCase
from dayward.care.journey.permissions import INTAKE
from dayward.care.journey.views.acts import page_of
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import Candidate, possible_duplicates
from dayward.foundation.people.services import add_contact_point, register_person
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import requires
from dayward.ui import drafts, toasts


@requires(INTAKE)
@drafts.keeps_draft("person")
def new_inquiry(request: StaffRequest) -> HttpResponse:
    """Write down a first contact; a person who may be known is chosen, never merged by itself."""
    sites = request.powers.places(INTAKE)
    back = coming_back(request, sites)
    form = InquiryForm(request.POST or None, sites=sites, initial=told_before(back))
    drafts.restore(request, form)
    candidates: list[Candidate] = []
    if request.method == "POST" and form.is_valid():
        known = request.POST.get("known", "")
        found = candidates_for(form, sites, request.powers.bound(INTAKE, person=""))
        candidates = [] if known in {"new", *(one.person.public_id for one in found)} else found
        audit_list(request, [one.person for one in candidates])
        if not candidates:
            try:
                with drafts.sent(request):
                    case = open_case(request, form, known if found else "new")
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                toasts.done(request, _("Inquiry written down."))
                return HttpResponseRedirect(page_of(case))
    return render(
        request, "journey/inquiry.html", {"form": form, "candidates": candidates, "returning": back}
    )


def coming_back(request: StaffRequest, sites: list[Site]) -> Person | None:
    """Somebody who was here before, named by the page of their ended episode."""
    if not (public_id := request.GET.get("person")):
        return None
    rows = Person.objects.filter(request.powers.bound(INTAKE, person=""), same_as=None, site__in=sites)
    person = get_object_or_404(rows, public_id=public_id)
    audit_list(request, [person])
    return person


def told_before(person: Person | None) -> dict[str, Any]:
    """What need not be asked again; the name finds them among those who are known."""
    if person is None:
        return {}
    same = ("pronouns", "birth_date", "language", "contact_note")
    names = {"given": person.legal_given, "family": person.legal_family, "chosen": person.chosen_name}
    return names | {name: getattr(person, name) for name in same}


def candidates_for(form: InquiryForm, sites: Iterable[Site], within: Q) -> list[Candidate]:
    data = form.cleaned_data
    return possible_duplicates(
        given=data["given"],
        family=data["family"],
        birth_date=data["birth_date"],
        phones=[data["phone"]] if data["phone"] else [],
        sites=[site.pk for site in sites],
        within=within,
    )


@transaction.atomic
def open_case(request: StaffRequest, form: InquiryForm, known: str) -> IntakeCase:
    """The person (known or new), the phone number, the case: all or nothing."""
    data = form.cleaned_data
    person = _person(request, form, known)
    if data["phone"]:
        add_contact_point(
            actor=request.actor,
            person=person,
            kind="mobile",
            value=data["phone"],
            may_call=data["may_call_back"],
            may_leave_message=data["may_leave_message"],
            may_text=data["may_text"],
        )
    return services.open_inquiry(
        actor=request.actor,
        site=data["site"],
        person=person,
        source=data["source"],
        contact=form.contact(),
        comes_from=form.comes_from(),
        program=data["program"],
        owner=request.staff,
    )


def _person(request: StaffRequest, form: InquiryForm, known: str) -> Person:
    if known and known != "new":
        return get_object_or_404(Person, public_id=known, same_as__isnull=True)
    return register_person(actor=request.actor, site=form.cleaned_data["site"], **form.demographics())
