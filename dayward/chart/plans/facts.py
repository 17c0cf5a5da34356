"""What this package tells the standards, and where to do what they ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.urls import reverse

from dayward.chart.plans.models import Plan, PlanReview
from dayward.kernel.facts import Fact


def facts_of(episodes: Collection[int]) -> Iterable[Fact]:
    """`plan.written` (frozen by the first signature), `plan.signed` (complete), `plan.reviewed`. Two queries."""
    standing = {
        "episode_id__in": episodes,
        "signature__isnull": False,
        "entered_in_error_at__isnull": True,
    }
    plans = Plan.objects.filter(**standing).values_list("episode_id", "signature__signed_at", "completed_at")
    reviews = PlanReview.objects.filter(**standing).values_list("episode_id", "signature__signed_at")
    found = [Fact("plan.reviewed", at, episode) for episode, at in reviews]
    for episode, written, completed in plans:
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
