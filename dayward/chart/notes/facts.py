"""What this package knows for standards: notes signed and waiting, and tries to reach those who stayed away."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dayward.chart.notes.models import Note, Outreach
from dayward.kernel.facts import Fact


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries for any number of episodes."""
    yield from _of_notes(episodes)
    yield from _of_outreach(episodes)


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


def _of_notes(episodes: Collection[int]) -> Iterable[Fact]:
    """Plain values: there are tens of thousands when all dues are worked out anew."""
    rows = Note.objects.signed().filter(episode__in=episodes).values_list(*OF_NOTE)
    for episode, ref, booking, amends, wanted, cosigner, at, by, cosigned_at, cosigned_by in rows:
        if booking is not None and amends is None:
            yield Fact("note.signed", at, episode, by, booking)
        if wanted:
            yield Fact("note.cosign_asked", at, episode, cosigner, ref)
        if cosigned_at is not None:
            yield Fact("note.cosigned", cosigned_at, episode, cosigned_by, ref)


def _of_outreach(episodes: Collection[int]) -> Iterable[Fact]:
    rows = Outreach.objects.filter(attempt__episode__in=episodes)
    found = rows.values_list("booking__public_id", "attempt__made_at", "attempt__episode")
    for ref, at, episode in found:
        if episode is not None:
            yield Fact("outreach.made", at, episode, None, ref)
