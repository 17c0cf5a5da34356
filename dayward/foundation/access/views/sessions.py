"""Where one is signed in, ending that, and the second factor: one's own and another's."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.foundation.access import permissions, second_factor, services
from dayward.foundation.access.middleware import seconds_left
from dayward.foundation.access.models import SignedIn
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.sessions import open_sessions, shown
from dayward.foundation.access.views.staff import found_staff, may_keep
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import public, requires, signed_in
from dayward.ui import toasts


@public
@require_GET
def still(request: HttpRequest) -> HttpResponse:
    """How many seconds this session lasts if nobody does anything; the page asks before it locks."""
    return JsonResponse({"left": seconds_left(request)})


@signed_in
@require_GET
def own(request: StaffRequest) -> HttpResponse:
    """Where one is signed in now."""
    here = services.own_session(request)
    context = {"sessions": shown(open_sessions(request.user), here)}
    return render(request, "access/sessions.html", context)


@signed_in
@require_POST
def end(request: StaffRequest, session: str) -> HttpResponse:
    """Sign oneself out somewhere else."""
    row = get_object_or_404(SignedIn, public_id=session, user=request.user)
    with toasts.telling(request, _("Signed out there.")):
        services.end_session(actor=request.actor, row=row)
    return redirect("access:sessions")


@signed_in
@require_POST
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign oneself out everywhere else."""
    services.end_all_sessions(actor=request.actor, user=request.user, but=services.own_session(request))
    toasts.done(request, _("You are signed in here only."))
    return redirect("access:sessions")


@signed_in
@require_GET
def set_up(request: StaffRequest) -> HttpResponse:
    """The clinic asks for a second factor; once there is one, on to the page that was asked for before."""
    if second_factor.has_one(request.user):
        return redirect(request.session.pop(second_factor.WANTED, "staff:home"))
    return render(request, "access/second_factor.html")


@requires(permissions.STAFF)
@require_GET
def of_member(request: StaffRequest, staff: str) -> HttpResponse:
    """Where a member of staff is signed in, and by what."""
    found = found_staff(staff)
    try:
        may_keep(request, found)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("access:member", staff=staff)
    context = {
        "member": found,
        "sessions": shown(open_sessions(found.user), "") if found.user else [],
        "factors": _factors(found),
        "must": second_factor.must_today(),
        "is_self": found.pk == request.staff.pk,
    }
    return render(request, "access/member_sessions.html", context)


def _factors(staff: StaffMember) -> list[Any]:
    return list(Authenticator.objects.filter(user=staff.user).order_by("created_at")) if staff.user else []


@requires(permissions.STAFF)
@require_POST
def end_of_member(request: StaffRequest, staff: str) -> HttpResponse:
    """Sign a member of staff out everywhere."""
    found = found_staff(staff)
    with toasts.telling(request, _("%(name)s is signed out everywhere.") % {"name": found.name}):
        may_keep(request, found)
        if found.user is not None:
            services.end_all_sessions(actor=request.actor, user=found.user)
    return redirect("access:member_sessions", staff=staff)


@requires(permissions.STAFF)
@require_POST
def reset_of_member(request: StaffRequest, staff: str) -> HttpResponse:
    """Their phone is lost: take the second factor away; a new password is set by a link."""
    found = found_staff(staff)
    try:
        may_keep(request, found)
        services.reset_second_factor(actor=request.actor, staff=found)
        text = _("Taken away. Now make the link by which %(name)s sets a new password.")
        toasts.done(request, text % {"name": found.name})
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("access:member_sessions", staff=staff)
    return redirect("access:member", staff=staff)
