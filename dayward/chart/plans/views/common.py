from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.plans import queries
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.queries.reviews import reviews_of
from dayward.chart.safety.rules.merge import Merged, fingerprint
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.people.models import Person


def episode_or_404(person: Person) -> Episode:
    episode = queries.current_episode(person)
    if episode is None:
        raise Http404
    return episode


def find_plan(request: ChartRequest, public_id: str) -> Plan:
    return get_object_or_404(queries.plans_of(request.person), public_id=public_id)


def find_review(request: ChartRequest, public_id: str) -> PlanReview:
    return get_object_or_404(reviews_of(request.person), public_id=public_id)


def fresh_marks(merged: Merged) -> list[tuple[str, str]]:
    """The newest fingerprints of what was saved, for the page that goes on writing."""
    theirs = {item.key for item in merged.clashes}
    return [(key, fingerprint(merged.texts[key])) for key in merged.changed if key not in theirs]


def differences(form: Any, merged: Merged | None) -> list[dict[str, Any]]:
    """Both texts where two people wrote, as `{% conflict %}` takes them."""
    clashes = merged.clashes if merged else ()
    return [{"label": form[item.key].label, "mine": item.mine, "theirs": item.theirs} for item in clashes]


def saved(request: ChartRequest, version: int, merged: Merged, **more: Any) -> HttpResponse:
    """What the page needs to know after its draft was saved."""
    context = {
        "version": version,
        "fresh": fresh_marks(merged),
        "clashes": bool(merged.clashes),
        "person": request.person,
        **more,
    }
    return render(request, "plans/saved.html", context)


def steps(person: Person, plan: Plan | None, here: str, *, written: bool = False) -> list[dict[str, Any]]:
    """The way of a version: written, signed."""
    signed = written or bool(plan and plan.is_signed)
    pages = [
        ("write", _("Write"), "edit", signed),
        ("sign", _("Sign"), "sign", bool(plan and plan.completed_at)),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"plans:{name}", args=[person.public_id]) if plan else "",
            "state": "now" if key == here else "done" if done else "next",
        }
        for key, label, name, done in pages
    ]
