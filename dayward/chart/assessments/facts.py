"""What this package tells standards: the assessment an episode began with is signed (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F
from django.urls import reverse

from dayward.chart.assessments.models import Assessment
from dayward.kernel.facts import Fact


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """One query; an amendment is signed later than what it amends, and the first counts."""
    rows = Assessment.objects.filter(
        case__episode__in=episodes, signature__isnull=False, entered_in_error_at__isnull=True
    )
    told = rows.values_list("signature__signed_at", F("case__episode"), "signature__staff_id", "public_id")
    for at, episode, by, ref in told:
        yield Fact("assessment.signed", at, episode, by, ref)


def write(*, person: str, episode: int, ref: str) -> str:
    """Where the assessment is written."""
    return reverse("assessments:open", args=[person])
