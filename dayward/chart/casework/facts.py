"""What this package tells standards: letters asked for and settled, summaries signed (kernel/facts.py)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import FilteredRelation, Q
from django.db.models.functions import Coalesce

from dayward.chart.casework.models import Letter, Summary
from dayward.chart.casework.queries.summaries import of_the_end
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of


def letters(about: Collection[Subject]) -> Reading[list[Fact]]:
    """A letter that was declined, or written in error, is not waited for."""
    asked = Letter.objects.filter(
        episode__in=[each.episode for each in about], declined_reason="", entered_in_error_at__isnull=True
    ).annotate(
        standing=FilteredRelation("handings", condition=Q(handings__taken_back_at__isnull=True)),
        out_at=Coalesce("done_at", "standing__handed_at"),
        out_by=Coalesce("done_by", "standing__handed_by"),
    )
    found = []
    columns = ("episode_id", "public_id", "asked_at", "out_at", "out_by")
    for episode, ref, asked_at, out_at, out_by in (yield from all_of(asked.values_list(*columns))):
        found.append(Fact("letter.asked", asked_at, episode, None, ref))
        if out_at is not None:
            found.append(Fact("letter.settled", out_at, episode, out_by, ref))
    return found


def summaries(about: Collection[Subject]) -> Reading[list[Fact]]:
    rows = of_the_end().filter(episode__in=[each.episode for each in about], kind=Summary.Kind.DISCHARGE)
    columns = ("episode_id", "public_id", "signature__signed_at", "signature__staff_id")
    signed = yield from all_of(rows.values_list(*columns))
    return [Fact("summary.signed", at, episode, by, ref) for episode, ref, at, by in signed]
