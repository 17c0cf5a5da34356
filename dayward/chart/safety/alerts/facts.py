"""What standards may know of alerts; the times of their timers come back from there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from dayward.chart.safety.alerts import guardians
from dayward.chart.safety.alerts.models import Alert, AlertStep
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of

RAISED, ACKNOWLEDGED, CONTACTED, CLOSED = (
    "alert.raised",
    "alert.acknowledged",
    "alert.contacted",
    "alert.closed",
)
OF_MINOR, GUARDIAN = "alert.raised_of_minor", "alert.guardian"
DONE = (ACKNOWLEDGED, CONTACTED, CLOSED, GUARDIAN)


def facts(about: Collection[Subject]) -> Reading[list[Fact]]:
    alerts = yield from all_of(_alerts(about))
    return [fact for alert in alerts for fact in (*_facts(alert), *_about_the_guardian(alert))]


def _alerts(about: Collection[Subject]) -> QuerySet[Alert]:
    """With the last word about a guardian, as `guardians.settled_by` finds it."""
    alerts = (
        Alert.objects.filter(episode__in=[each.episode for each in about])
        .select_related("person__site")
        .order_by("pk")
    )
    words = AlertStep.objects.filter(
        alert=OuterRef("pk"), kind__in=guardians.SETTLE, at__gte=OuterRef("class_since")
    ).order_by("-pk")
    return alerts.annotate(
        guardian_at=Subquery(words.values("at")[:1]), guardian_by=Subquery(words.values("staff")[:1])
    )


def _about_the_guardian(alert: Alert) -> Iterator[Fact]:
    """Of a minor whose alert asks for one: told, or written down why not."""
    assert alert.episode_id is not None
    if not guardians.asked_for(alert):
        return
    ref, told = alert.public_id, alert.__dict__  # what the query added
    yield Fact(f"{OF_MINOR}.{alert.risk_class}", alert.class_since, alert.episode_id, alert.named_id, ref)
    if told["guardian_at"] is not None:
        yield Fact(GUARDIAN, told["guardian_at"], alert.episode_id, told["guardian_by"], ref)


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
