"""What this package tells standards: letters asked for and settled, summaries signed (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dayward.chart.casework.models import Letter, Summary
from dayward.chart.casework.queries.summaries import of_the_end
from dayward.kernel.facts import Fact


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries. A letter that was declined, or written in error, is not waited for."""
    letters = Letter.objects.filter(
        episode__in=episodes, declined_reason="", entered_in_error_at__isnull=True
    ).values_list("episode_id", "public_id", "asked_at", "done_at", "done_by_id")
    for episode, ref, asked_at, done_at, done_by in letters:
        yield Fact("letter.asked", asked_at, episode, None, ref)
        if done_at is not None:
            yield Fact("letter.settled", done_at, episode, done_by, ref)
    signed = (
        of_the_end()
        .filter(episode__in=episodes, kind=Summary.Kind.DISCHARGE)
        .values_list("episode_id", "public_id", "signature__signed_at", "signature__staff_id")
    )
    for episode, ref, at, by in signed:
        yield Fact("summary.signed", at, episode, by, ref)
