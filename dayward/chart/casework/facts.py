"""What this package tells standards: letters asked for and settled, summaries signed (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import FilteredRelation, Q
from django.db.models.functions import Coalesce

from dayward.chart.casework.models import Letter, Summary
from dayward.chart.casework.queries.summaries import of_the_end
from dayward.kernel.facts import Fact


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries. A letter that was declined, or written in error, is not waited for."""
    letters = Letter.objects.filter(
        episode__in=episodes, declined_reason="", entered_in_error_at__isnull=True
    ).annotate(
        standing=FilteredRelation("handings", condition=Q(handings__taken_back_at__isnull=True)),
        out_at=Coalesce("done_at", "standing__handed_at"),
        out_by=Coalesce("done_by", "standing__handed_by"),
    )
    told = letters.values_list("episode_id", "public_id", "asked_at", "out_at", "out_by")
    for episode, ref, asked_at, out_at, out_by in told:
        yield Fact("letter.asked", asked_at, episode, None, ref)
        if out_at is not None:
            yield Fact("letter.settled", out_at, episode, out_by, ref)
    signed = (
        of_the_end()
        .filter(episode__in=episodes, kind=Summary.Kind.DISCHARGE)
        .values_list("episode_id", "public_id", "signature__signed_at", "signature__staff_id")
    )
    for episode, ref, at, by in signed:
        yield Fact("summary.signed", at, episode, by, ref)
