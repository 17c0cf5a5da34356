"""Who works here: directory, one member of staff, their roles, credentials and sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dayward.foundation.access import permissions, services
from dayward.foundation.access.forms import CredentialForm, RoleForm, SignInForm, StaffForm
from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.access.queries import directory, license_lines
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.roles import ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people import services as people
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import permissions as words
from dayward.kernel.permissions import requires, signed_in
from dayward.ui import toasts

BOTH = ["GET", "POST"]


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
    return render(request, "access/staff.html", {"rows": directory(), "licenses": license_lines()})


@requires(permissions.STAFF)
@require_GET
def member(request: StaffRequest, staff: str) -> HttpResponse:
    """One member of staff."""
    return _member_page(request, _found(staff))


def _found(public_id: str) -> StaffMember:
    return get_object_or_404(StaffMember.objects.select_related("user", "supervisor"), public_id=public_id)


def _member_page(request: StaffRequest, found: StaffMember, form: BaseForm | None = None) -> HttpResponse:
    today = timezone.now().date()
    context = {
        "member": found,
        "sites": found.sites.all(),
        "roles": [
            {
                "assignment": one,
                "role": ROLES.get(one.role),
                "over": bool(one.ends_on and one.ends_on < today),
            }
            for one in found.roles.select_related("site").order_by("-starts_on", "pk")
        ],
        "licenses": license_lines(found),
        "supervisees": found.supervisees.all(),
        "role_form": form or RoleForm(initial={"starts_on": today}),
    }
    return render(request, "access/member.html", context, status=422 if form else 200)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def add(request: StaffRequest) -> HttpResponse:
    """Somebody new works here."""

    def save(form: Any) -> StaffMember:
        return people.add_staff(actor=request.actor, **form.told())

    return _form_page(request, StaffForm(request.POST or None), save, _("New member of staff"), None)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def edit(request: StaffRequest, staff: str) -> HttpResponse:
    """Correct what is known of a member of staff."""
    found = _found(staff)

    def save(form: Any) -> StaffMember:
        return people.update_staff(actor=request.actor, staff=_found(staff), **form.told())

    form = StaffForm(request.POST or None, instance=found)
    return _form_page(request, form, save, _("Correct"), found)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def sign_in(request: StaffRequest, staff: str) -> HttpResponse:
    """Mail address and a new password."""
    found = _found(staff)

    def save(form: Any) -> StaffMember:
        people.set_sign_in(actor=request.actor, staff=found, **form.cleaned_data)
        return found

    initial = {"email": found.user.email if found.user else ""}
    return _form_page(request, SignInForm(request.POST or None, initial=initial), save, _("Sign-in"), found)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def credential(request: StaffRequest, staff: str) -> HttpResponse:
    """What they may sign as."""
    found = _found(staff)

    def save(form: Any) -> StaffMember:
        people.add_credential(actor=request.actor, staff=found, **form.cleaned_data)
        return found

    return _form_page(request, CredentialForm(request.POST or None), save, _("Credential or license"), found)


def _form_page(
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
    found, form = _found(staff), RoleForm(request.POST)
    if not form.is_valid():
        return _member_page(request, found, form)
    if not _may_give_at(request, form.cleaned_data["site"]):
        form.add_error("site", _("Your own role is for some sites only; give roles at those."))
        return _member_page(request, found, form)
    try:
        services.grant_role(actor=request.actor, staff=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _member_page(request, found, form)
    toasts.done(request, _("Role given."))
    return redirect("access:member", staff=found.public_id)


def _may_give_at(request: StaffRequest, site: Site | None) -> bool:
    """Nobody gives a role for more sites than their own right to do so is for."""
    held = [one for one in request.powers.held if permissions.STAFF.key in one.role.permissions]
    return any(one.site_id is None or (site is not None and one.site_id == site.pk) for one in held)


@requires(permissions.STAFF)
@require_POST
def end(request: StaffRequest, staff: str, assignment: str) -> HttpResponse:
    """Today is the last day of a role."""
    found = get_object_or_404(RoleAssignment, public_id=assignment, staff__public_id=staff)
    try:
        services.end_role(actor=request.actor, assignment=found, on=timezone.now().date())
        toasts.done(request, _("Today is the last day of this role."))
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
    return redirect("access:member", staff=staff)
