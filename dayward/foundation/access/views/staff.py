"""Who works here: directory, one member of staff, their roles, credentials and sign-in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access import permissions, services
from dayward.foundation.access.forms import CredentialForm, RoleForm, StaffForm
from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.access.programs import names_of_programs
from dayward.foundation.access.queries import (
    directory,
    license_lines,
    read_ending_licenses,
    running_roles,
    sign_in_of,
    works_here,
)
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.roles import ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.organization.queries import day_at
from dayward.foundation.people import services as people
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.gathering import alone
from dayward.kernel.permissions import permissions as words
from dayward.kernel.permissions import requires, signed_in
from dayward.ui import toasts

BOTH = ["GET", "POST"]
ON_PAGE = 50
_ELSEWHERE = gettext_lazy(
    "Your own role is for some sites only, and this reaches beyond them. Ask somebody whose role is for every site."
)


@signed_in
@require_GET
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may, in sentences."""
    rows = [
        {
            "role": role,
            "may": sorted(
                (word for key in role.permissions if (word := words.get(key))), key=lambda w: w.key
            ),
        }
        for role in ROLES.values()
    ]
    own = {role.key for role in request.powers.roles}
    return render(request, "access/roles.html", {"rows": rows, "own": own})


@requires(permissions.STAFF)
@require_GET
def staff(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, and licenses that run out."""
    page = Paginator(works_here().order_by("family", "given", "pk"), ON_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"rows": directory(page.object_list), "page": page, "licenses": alone(read_ending_licenses())}
    return render(request, "access/staff.html", context)


@requires(permissions.STAFF)
@require_GET
def member(request: StaffRequest, staff: str) -> HttpResponse:
    """One member of staff."""
    return _member_page(request, found_staff(staff))


def found_staff(public_id: str) -> StaffMember:
    return get_object_or_404(StaffMember.objects.select_related("user", "supervisor"), public_id=public_id)


def may_keep(request: StaffRequest, staff: StaffMember) -> None:
    """Who keeps staff for some sites only leaves those alone who work, or hold a role, elsewhere too."""
    sites = [*staff.sites.all(), *(one.site for one in running_roles(staff).select_related("site"))]
    if not (sites and all(_may_at(request, site) for site in sites)) and not _may_at(request, None):
        raise Refused(str(_ELSEWHERE))


def _may_at(request: StaffRequest, site: Site | None) -> bool:
    """Whether their right to keep staff is for this site (None: for every site)."""
    held = [one for one in request.powers.held if permissions.STAFF.key in one.permissions]
    return any(one.site_id is None or (site is not None and one.site_id == site.pk) for one in held)


def _member_page(request: StaffRequest, found: StaffMember, form: BaseForm | None = None) -> HttpResponse:
    context = {
        "member": found,
        "sites": found.sites.all(),
        "roles": [
            {
                "assignment": one,
                "role": ROLES.get(one.role),
                "programs": program_names(one),
                "over": bool(one.ends_on and one.ends_on < day_at(one.site)),
            }
            for one in found.roles.select_related("site").order_by("-starts_on", "pk")
        ],
        "licenses": license_lines(found),
        "supervisees": found.supervisees.all(),
        "role_form": form or RoleForm(initial={"starts_on": timezone.localdate()}),
        "is_self": found.pk == request.staff.pk,
        "sign_in": sign_in_of(found, found.user.sign_in_links.all() if found.user else (), timezone.now()),
    }
    return render(request, "access/member.html", context, status=422 if form else 200)


def program_names(held: RoleAssignment) -> list[str]:
    """What the programs are called that a role is for; none where it is for everybody."""
    return names_of_programs(held.programs, [held.site_id]) if held.site_id else []


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def add(request: StaffRequest) -> HttpResponse:
    """Somebody new works here."""

    def save(form: Any) -> StaffMember:
        _only_own(request, form)
        return people.add_staff(actor=request.actor, **form.told())

    return form_page(request, StaffForm(request.POST or None), save, _("New member of staff"), None)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def edit(request: StaffRequest, staff: str) -> HttpResponse:
    """Correct what is known of a member of staff."""
    found = found_staff(staff)

    def save(form: Any) -> StaffMember:
        may_keep(request, found_staff(staff))
        _only_own(request, form)
        return people.update_staff(actor=request.actor, staff=found_staff(staff), **form.told())

    form = StaffForm(request.POST or None, instance=found)
    return form_page(request, form, save, _("Correct"), found)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def credential(request: StaffRequest, staff: str) -> HttpResponse:
    """What they may sign as."""
    found = found_staff(staff)

    def save(form: Any) -> StaffMember:
        may_keep(request, found)
        people.add_credential(actor=request.actor, staff=found, **form.cleaned_data)
        return found

    of = request.GET.get("of")
    known = found.credentials.filter(public_id=of).first() if of else None
    names = CredentialForm.base_fields
    form = CredentialForm(
        request.POST or None, initial={name: getattr(known, name) for name in names} if known else None
    )
    return form_page(request, form, save, _("Credential or license"), found)


def _only_own(request: StaffRequest, form: Any) -> None:
    may_place(request, form.cleaned_data["sites"])


def may_place(request: StaffRequest, sites: Iterable[Site], *, everywhere: bool = False) -> None:
    """Who keeps staff for some sites only places nobody at others."""
    if not all(_may_at(request, site) for site in sites) or (everywhere and not _may_at(request, None)):
        raise Refused(str(_ELSEWHERE))


def form_page(
    request: StaffRequest,
    form: Any,
    save: Callable[[Any], StaffMember],
    title: str,
    found: StaffMember | None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            toasts.done(request, _("Saved."))
            return redirect("access:member", staff=saved.public_id)
    return render(request, "access/member_form.html", {"form": form, "title": title, "member": found})


@requires(permissions.STAFF)
@require_POST
def grant(request: StaffRequest, staff: str) -> HttpResponse:
    """Give a role from a day."""
    found, form = found_staff(staff), RoleForm(request.POST)
    if not form.is_valid():
        return _member_page(request, found, form)
    if not _may_at(request, form.cleaned_data["site"]):
        form.add_error("site", _("Your own role is for some sites only; give roles at those."))
        return _member_page(request, found, form)
    try:
        services.grant_role(actor=request.actor, staff=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _member_page(request, found, form)
    toasts.done(request, _("Role given."))
    return redirect("access:member", staff=found.public_id)


@requires(permissions.STAFF)
@require_POST
def end(request: StaffRequest, staff: str, assignment: str) -> HttpResponse:
    """Today is the last day of a role."""
    found = get_object_or_404(
        RoleAssignment.objects.select_related("site"), public_id=assignment, staff__public_id=staff
    )
    with toasts.telling(request, _("Today is the last day of this role.")):
        if not _may_at(request, found.site):
            raise Refused(str(_ELSEWHERE))
        services.end_role(actor=request.actor, assignment=found, on=day_at(found.site))
    return redirect("access:member", staff=staff)
