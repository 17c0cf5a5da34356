"""What this package tells standards: a safety plan of this way through is signed (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse

from dayward.care.journey.models import Episode
from dayward.chart.safety.models import SafetyPlan
from dayward.kernel.facts import Fact


def plans(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries. One from before this way in has to be gone through anew, as `plan_if_positive` asks."""
    since: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    rows = Episode.objects.filter(pk__in=episodes).annotate(began=Coalesce("case__opened_at", "admitted_at"))
    for pk, person, began in rows.values_list("pk", "person_id", "began"):
        since[person].append((pk, began))
    signed = SafetyPlan.objects.filter(
        person__in=list(since), signature__isnull=False, entered_in_error_at__isnull=True
    )
    told = signed.values_list("person_id", "signature__signed_at", "signature__staff_id", "public_id")
    for person, at, by, ref in told:
        for episode, began in since[person]:
            if at.date() >= began.date():
                yield Fact("safety_plan.signed", at, episode, by, ref)


def write_plan(*, person: str, episode: int, ref: str) -> str:
    """Where the safety plan is written."""
    return reverse("safety:plan", args=[person])
