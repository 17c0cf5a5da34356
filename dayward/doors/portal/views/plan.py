from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dayward.chart.plans import services
from dayward.chart.plans.models import Plan
from dayward.doors.portal import sessions
from dayward.doors.portal.queries import plan as queries
from dayward.foundation.access.requests import PortalRequest
from dayward.foundation.access.zones import in_zone_of_person
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused
from dayward.kernel.permissions import portal
from dayward.ui import toasts


@require_GET
@portal
@in_zone_of_person
def plan(request: PortalRequest) -> HttpResponse:
    """My plan: goals in my words, how far I am, who signed."""
    reviews, own = queries.own_reviews(request.person), queries.own_plan(request.person)
    context = {
        "own": own,
        "may_still_sign": own is not None and queries.may_sign(request.person, own.plan),
        "to_sign": queries.to_sign(request.person),
        "reviews": reviews,
        "next_review": queries.next_review(reviews),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/plan.html", context)


@require_http_methods(["GET", "POST"])
@portal
@in_zone_of_person
def plan_text(request: PortalRequest, plan: str) -> HttpResponse:
    """The whole plan in the words that are signed, and the place to sign it."""
    row = queries.readable(request.person, plan)
    if row is None:
        raise Http404
    problem = _sign(request, row) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        toasts.done(request, _("Thank you. You signed the plan."))
        return redirect("portal:plan")
    waits = row.state in ("signing", "active") and queries.may_sign(request.person, row)
    context = {
        "row": row,
        "own": row.person_id in request.person.all_ids,
        "seen": digest(row.signed_text),
        "waits": waits,
        "problem": problem,
        "typed": request.POST.get("typed_name", ""),
        "tablet": sessions.is_tablet(request),
    }
    return render(request, "portal/plan_text.html", context, status=422 if problem else 200)


def _sign(request: PortalRequest, row: Plan) -> str:
    """Sign; what stood in the way, in a sentence."""
    seen = request.POST.get("seen", "")
    if not seen:
        return _("Something was missing. Please read the plan again and sign.")
    try:
        services.sign_as_person(
            actor=request.actor,
            plan=row,
            typed_name=request.POST.get("typed_name", "")[:200],
            method=sessions.method_of(request),
            seen=seen,
        )
    except Refused as refused:
        return refused.sentence
    return ""
