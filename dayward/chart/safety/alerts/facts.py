"""What standards may know of alerts; the times of their timers come back from there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.urls import reverse

from dayward.chart.safety.alerts.models import Alert
from dayward.kernel.facts import Fact

RAISED, ACKNOWLEDGED, CONTACTED, CLOSED = (
    "alert.raised",
    "alert.acknowledged",
    "alert.contacted",
    "alert.closed",
)
DONE = (ACKNOWLEDGED, CONTACTED, CLOSED)


def facts(episodes: Collection[int]) -> Iterable[Fact]:
    """One query."""
    for alert in Alert.objects.filter(episode__in=episodes).order_by("pk"):
        yield from _facts(alert)


def _facts(alert: Alert) -> Iterator[Fact]:
    """The start names the person who has to act; its class stands in the kind, since the times differ."""
    assert alert.episode_id is not None
    episode, ref = alert.episode_id, alert.public_id
    yield Fact(RAISED, alert.raised_at, episode, alert.named_id, ref)
    yield Fact(f"{RAISED}.{alert.risk_class}", alert.class_since, episode, alert.named_id, ref)
    acts = (
        (ACKNOWLEDGED, alert.acknowledged_at, alert.acknowledged_by_id),
        (CONTACTED, alert.contacted_at, alert.contacted_by_id),
        (CLOSED, alert.closed_at, alert.closed_by_id),
    )
    for kind, at, by in acts:
        if at is not None:
            yield Fact(kind, at, episode, by, ref)


def doing(*, person: str, episode: int, ref: str) -> str:
    """Where an alert is answered."""
    return reverse("safety:alert", args=[person, ref])
