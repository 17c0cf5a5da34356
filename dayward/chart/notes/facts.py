"""What this package knows for standards: notes signed and waiting, and tries to reach those who stayed away."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dayward.chart.notes.models import Note, Outreach
from dayward.kernel.facts import Fact


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Two queries for any number of episodes."""
    yield from _of_notes(episodes)
    yield from _of_outreach(episodes)


def _of_notes(episodes: Collection[int]) -> Iterable[Fact]:
    rows = (
        Note.objects.signed()
        .filter(episode__in=episodes)
        .select_related("signature", "cosignature", "booking")
    )
    for note in rows:
        assert note.signature is not None
        assert note.episode_id is not None
        episode, at, by = note.episode_id, note.signature.signed_at, note.signature.staff_id
        if note.booking is not None and note.amends_id is None:
            yield Fact("note.signed", at, episode, by, note.booking.public_id)
        if note.cosign_wanted:
            yield Fact("note.cosign_asked", at, episode, note.cosigner_id, note.public_id)
        if note.cosignature is not None:
            signed, who = note.cosignature.signed_at, note.cosignature.staff_id
            yield Fact("note.cosigned", signed, episode, who, note.public_id)


def _of_outreach(episodes: Collection[int]) -> Iterable[Fact]:
    rows = Outreach.objects.filter(attempt__episode__in=episodes)
    found = rows.values_list("booking__public_id", "attempt__made_at", "attempt__episode")
    for ref, at, episode in found:
        if episode is not None:
            yield Fact("outreach.made", at, episode, None, ref)
