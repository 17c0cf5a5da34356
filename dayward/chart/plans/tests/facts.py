"""What a plan proves and tells of an episode."""

from __future__ import annotations

from dayward.care.journey.factories import told_of
from dayward.care.journey.models import Episode
from dayward.kernel.evidence import prove


def evidence(key: str, episode: Episode) -> bool:
    return prove(key, kind="episode", id=episode.pk).present


def kinds(episode: Episode) -> list[str]:
    return sorted(fact.kind for fact in told_of(episode, words={"plan"}))
