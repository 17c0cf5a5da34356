"""What the pages of the catalog have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.care.catalog import permissions
from dayward.care.catalog.models import Program, ServiceKind
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused


def sites_of(request: StaffRequest) -> list[Site]:
    return request.powers.places(permissions.SEE)


def program_of(request: StaffRequest, public_id: str) -> Program:
    rows = Program.objects.select_related("site").filter(site__in=sites_of(request))
    return get_object_or_404(rows, public_id=public_id)


def editable_site(request: StaffRequest, public_id: str | None) -> Site:
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


def to_programs() -> Back:
    return Back(reverse("catalog:programs"), _("Programs"))


def to_program(program: Program) -> Back:
    return Back(reverse("catalog:program", args=[program.public_id]), _("Program"))


def to_kinds() -> Back:
    return Back(reverse("catalog:kinds"), _("Services"))


def form_page(
    request: StaffRequest, form: Form, title: str, back: Back, subtitle: str = "", closes: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "subtitle": subtitle, "closes": closes}
    return render(request, "catalog/form.html", context)


def tried(form: Form, act: Callable[[], object]) -> bool:
    """Do it; on a refusal the form says why."""
    try:
        act()
    except Refused as refused:
        for sentence in refused.reasons:
            form.add_error(None, sentence)
        return False
    return True


def everywhere(request: StaffRequest) -> bool:
    """Kinds of services are of the whole house: whose right is for some sites only leaves them alone."""
    return request.powers.everywhere(permissions.EDIT)


def kind_of(request: StaffRequest, public_id: str) -> ServiceKind:
    if not everywhere(request):
        raise Http404
    return get_object_or_404(ServiceKind, public_id=public_id)
