"""How somebody who works here gets in: a mail address, and a link by which they set their own password."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dayward.foundation.access import permissions, second_factor, services
from dayward.foundation.access.forms import InviteForm, OwnPasswordForm, SignInForm
from dayward.foundation.access.queries import running_roles
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.views.staff import (
    BOTH,
    form_page,
    found_staff,
    may_keep,
    may_place,
    program_names,
)
from dayward.foundation.people import services as people
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import public, requires
from dayward.ui import toasts


@requires(permissions.STAFF)
@require_http_methods(BOTH)
def sign_in(request: StaffRequest, staff: str) -> HttpResponse:
    """The mail address they sign in with."""
    found = found_staff(staff)

    def save(form: Any) -> StaffMember:
        may_keep(request, found)
        people.set_sign_in(actor=request.actor, staff=found, email=form.cleaned_data["email"])
        return found

    initial = {"email": found.user.email if found.user else ""}
    return form_page(request, SignInForm(request.POST or None, initial=initial), save, _("Sign-in"), found)


@requires(permissions.STAFF)
@require_POST
@never_cache
def make_link(request: StaffRequest, staff: str) -> HttpResponse:
    """A link to hand over, shown this once: they set their own password with it."""
    found = found_staff(staff)
    try:
        may_keep(request, found)
        secret = services.make_sign_in_link(actor=request.actor, staff=found)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("access:member", staff=staff)
    return _show_link(request, found, secret)


def _show_link(
    request: StaffRequest, staff: StaffMember, secret: str, *, invited: bool = False
) -> HttpResponse:
    link = request.build_absolute_uri(reverse("access:set_password", args=[secret]))
    held = running_roles(staff).select_related("site").order_by("pk") if invited else []
    roles = [
        {"name": _(ROLES[one.role].name), "site": one.site, "programs": program_names(one)} for one in held
    ]
    must = second_factor.must_today()
    context = {"member": staff, "link": link, "invited": invited, "roles": roles, "must": must}
    return render(request, "access/sign_in_link.html", context)


@requires(permissions.STAFF)
@require_POST
def end_link(request: StaffRequest, staff: str) -> HttpResponse:
    """Take back a link that nobody has used."""
    found = found_staff(staff)
    with toasts.telling(request, _("Taken back: the link no longer works.")):
        may_keep(request, found)
        services.end_sign_in_link(actor=request.actor, staff=found)
    return redirect("access:member", staff=staff)


@requires(permissions.STAFF)
@require_http_methods(BOTH)
@never_cache
def invite(request: StaffRequest) -> HttpResponse:
    """Somebody new: who they are, what they may, and a link by which they set their own password."""
    sites = request.powers.sites(permissions.STAFF)
    form = InviteForm(request.POST or None, initial={"sites": sites if len(sites) == 1 else []})
    if request.method == "POST" and form.is_valid():
        try:
            may_place(request, form.cleaned_data["sites"], everywhere=form.cleaned_data["everywhere"])
            made = services.invite(actor=request.actor, **form.told())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            return _show_link(request, made.staff, made.secret, invited=True)
    return render(request, "access/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(BOTH)
@public
@never_cache
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Set one's own password. Opening the link does nothing yet, so that a mail scanner does not use it up."""
    link = services.sign_in_link(secret)
    form = OwnPasswordForm(request.POST or None)
    if link and request.method == "POST" and form.is_valid():
        try:
            services.use_sign_in_link(secret=secret, password=form.cleaned_data["password"])
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            toasts.done(request, _("Your password is set. Sign in with it."))
            return redirect("account_login")
    context = {"form": form, "works": link is not None}
    return render(request, "access/set_password.html", context, status=200 if link else 404)
