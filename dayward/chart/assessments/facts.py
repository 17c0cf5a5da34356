"""What this package tells standards: the assessment an episode began with is signed (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F
from django.urls import reverse

from dayward.chart.assessments.models import Assessment
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of


def provide(about: Collection[Subject]) -> Reading[list[Fact]]:
    """An amendment is signed later than what it amends, and the first counts."""
    rows = Assessment.objects.filter(
        case__episode__in=[each.episode for each in about],
        signature__isnull=False,
        entered_in_error_at__isnull=True,
    )
    columns = ("signature__signed_at", "signature__staff_id", "public_id")
    told = yield from all_of(rows.values_list(F("case__episode"), *columns))
    return [Fact("assessment.signed", at, episode, by, ref) for episode, at, by, ref in told]


def write(*, person: str, episode: int, ref: str) -> str:
    """Where the assessment is written."""
    return reverse("assessments:open", args=[person])
