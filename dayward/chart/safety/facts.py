"""What this package tells standards: a safety plan of this way through is signed (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.urls import reverse

from dayward.chart.safety.models import SafetyPlan
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of


def plans(about: Collection[Subject]) -> Reading[list[Fact]]:
    """One from before this way in has to be gone through anew, as `plan_if_positive` asks."""
    signed = SafetyPlan.objects.filter(
        person__in={each.person for each in about}, signature__isnull=False, entered_in_error_at__isnull=True
    )
    columns = ("person_id", "signature__signed_at", "signature__staff_id", "public_id")
    rows = yield from all_of(signed.values_list(*columns))
    of_person: dict[int, list[tuple[datetime, int, str]]] = defaultdict(list)
    for person, *plan in rows:
        of_person[person].append(plan)
    return [
        Fact("safety_plan.signed", at, each.episode, by, ref)
        for each in about
        for at, by, ref in of_person[each.person]
        if at.date() >= each.way_in_since.date()
    ]


def write_plan(*, person: str, episode: int, ref: str) -> str:
    """Where the safety plan is written."""
    return reverse("safety:plan", args=[person])
