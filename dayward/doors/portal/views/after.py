from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dayward.care.journey.models import AlumniAttendance
from dayward.care.journey.queries.alumni import events_for, membership_of
from dayward.care.journey.services.alumni import answer_event
from dayward.doors.portal import sessions
from dayward.doors.portal.queries import after as afterwards
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.consent.services import offer
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import portal
from dayward.ui import toasts

Answer = AlumniAttendance.Answer


def after_page(request: PortalRequest) -> HttpResponse:
    """The first page of somebody whose treatment has ended."""
    after = afterwards.after_of(request.person, timezone.now())
    context = {
        "person": request.person,
        "after": after,
        "questions": after.asked,
        "waiting": [sheet for sheet in after.sheets if not sheet.item.is_done],
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/after.html", context)


@require_POST
@portal
def join_alumni(request: PortalRequest) -> HttpResponse:
    """To the form by which one joins; nothing happens before it is signed."""
    if not afterwards.after_of(request.person, timezone.now()).may_join:
        toasts.refuse(request, _("You can join once your treatment here has ended."))
        return redirect("portal:home")
    try:
        consent = offer(actor=request.actor, person=request.person, kind=Kind.ALUMNI)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("portal:home")
    return redirect("portal:form", form=consent.public_id)


@require_POST
@portal
def come(request: PortalRequest, event: str) -> HttpResponse:
    """Say that one comes to something for alumni, or that one does not."""
    member = membership_of(request.person)
    found = next((row for row, _said in events_for(request.person) if row.public_id == event), None)
    if member is None or found is None:
        raise Http404
    coming = request.POST.get("answer") == Answer.COMING
    answer = Answer.COMING if coming else Answer.WITHDREW
    try:
        answer_event(actor=request.actor, event=found, member=member, answer=answer)
    except Refused as refused:
        toasts.refuse(request, refused.sentence)
        return redirect("portal:home")
    toasts.done(
        request, _("Good. We look forward to seeing you.") if coming else _("Thank you for telling us.")
    )
    return redirect("portal:home")
