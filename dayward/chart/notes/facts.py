"""What this package knows for standards: notes signed and waiting, and tries to reach those who stayed away."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from dayward.chart.notes.models import Note, Outreach
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of

OF_NOTE = (
    "episode_id",
    "public_id",
    "booking__public_id",
    "amends_id",
    "cosign_wanted",
    "cosigner_id",
    "signature__signed_at",
    "signature__staff_id",
    "cosignature__signed_at",
    "cosignature__staff_id",
)


def notes(about: Collection[Subject]) -> Reading[list[Fact]]:
    """Plain values: there are tens of thousands when all dues are worked out anew."""
    signed = Note.objects.signed().filter(episode__in=[each.episode for each in about])
    rows = yield from all_of(signed.values_list(*OF_NOTE))
    return [fact for row in rows for fact in _of_note(*row)]


def _of_note(
    episode: int,
    ref: str,
    booking: str | None,
    amends: int | None,
    wanted: bool,
    cosigner: int | None,
    at: datetime,
    by: int,
    cosigned_at: datetime | None,
    cosigned_by: int | None,
) -> Iterator[Fact]:
    if booking is not None and amends is None:
        yield Fact("note.signed", at, episode, by, booking)
    if wanted:
        yield Fact("note.cosign_asked", at, episode, cosigner, ref)
    if cosigned_at is not None:
        yield Fact("note.cosigned", cosigned_at, episode, cosigned_by, ref)


def outreach(about: Collection[Subject]) -> Reading[list[Fact]]:
    rows = Outreach.objects.filter(attempt__episode__in=[each.episode for each in about])
    columns = ("booking__public_id", "attempt__made_at", "attempt__episode")
    told = yield from all_of(rows.values_list(*columns))
    return [Fact("outreach.made", at, episode, None, ref) for ref, at, episode in told if episode is not None]
