from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dayward.chart.safety import queries, services
from dayward.chart.safety.rules.plan import PARTS
from dayward.doors.portal import sessions
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.kernel.permissions import portal
from dayward.ui import toasts


@require_GET
@portal
@in_zone_of_person
def safety(request: PortalRequest) -> HttpResponse:
    """My safety plan, and keeping it on my phone."""
    context = _plan(request) | {"tablet": sessions.is_tablet(request)}
    return render(request, "portal/safety.html", context)


@require_GET
@portal
@in_zone_of_person
def kept(request: PortalRequest) -> HttpResponse:
    """The sheet that a phone keeps: the plan alone, nothing of the session."""
    context = _plan(request)
    if context["plan"] is None or sessions.is_tablet(request):
        raise Http404
    whose = salted_hmac("dayward.portal.kept", request.person.public_id).hexdigest()[:24]
    sheet = get_template("portal/safety_kept.html").render(context | {"whose": whose})
    return HttpResponse(sheet)


@require_POST
@portal
def keep(request: PortalRequest) -> HttpResponse:
    """The person has said that their phone shall keep the plan; the phone has done so by itself."""
    plan = queries.current_plan(request.person)
    if plan is None or sessions.is_tablet(request):
        raise Http404
    services.keep_own_copy(actor=request.actor, plan=plan)
    toasts.done(request, _("This phone keeps your safety plan now."))
    return redirect("portal:safety")


def _plan(request: PortalRequest) -> dict[str, Any]:
    plan = queries.current_plan(request.person)
    texts = plan.texts if plan else {}
    parts = [(part.title, texts[part.key]) for part in PARTS if texts.get(part.key, "").strip()]
    return {"plan": plan, "parts": parts}
