"""What this package tells the standards, and where to do what they ask for."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from dayward.chart.plans.models import Plan, PlanReview
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of, both


def facts_of(about: Collection[Subject]) -> Reading[list[Fact]]:
    """`plan.written` (frozen by the first signature), `plan.signed` (complete), `plan.reviewed`."""
    standing = {
        "episode_id__in": [each.episode for each in about],
        "signature__isnull": False,
        "entered_in_error_at__isnull": True,
    }
    plans = Plan.objects.filter(**standing).values_list("episode_id", "signature__signed_at", "completed_at")
    held = PlanReview.objects.filter(**standing).values_list("episode_id", "signature__signed_at")
    rows, reviews = yield from both(all_of(plans), all_of(held))
    found = [Fact("plan.reviewed", at, episode) for episode, at in reviews]
    for episode, written, completed in rows:
        found.append(Fact("plan.written", written, episode))
        if completed is not None:
            found.append(Fact("plan.signed", completed, episode))
    return found


def write_plan(*, person: str, episode: int, ref: str) -> str:
    return reverse("plans:edit", args=[person])


def sign_plan(*, person: str, episode: int, ref: str) -> str:
    return reverse("plans:sign", args=[person])


def review_plan(*, person: str, episode: int, ref: str) -> str:
    return reverse("plans:review", args=[person])
