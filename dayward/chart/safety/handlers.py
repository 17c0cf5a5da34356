"""What this package does about answers: in the same transaction, so that an answer without its alert cannot be."""

from __future__ import annotations

from dayward.chart.measures import library
from dayward.chart.measures import queries as measures
from dayward.chart.measures.events import MeasureAnswered, MeasureScored, MeasureWithdrawn
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.measures.rules.change import Track, track
from dayward.chart.safety.alerts import services


def measure_answered(event: MeasureAnswered) -> None:
    """Item 9 and the ASQ raise alerts."""
    if event.is_critical:
        answer = Answer.objects.select_related("administration__person__site", "administration__follows").get(
            pk=event.answer
        )
        services.answered(actor=event.actor, answer=answer, at=event.at)


def measure_scored(event: MeasureScored) -> None:
    """A reliably worse score goes to the team's list."""
    change = library.instrument(event.instrument).change
    if change is None or event.total is None:
        return
    administration = Administration.objects.select_related("person__site", "episode").get(
        pk=event.administration
    )
    course = [
        point
        for point in measures.course_of(administration.person)
        if point.episode == administration.episode_id or administration.episode_id is None
    ]
    if track(measures.points(course, event.instrument), change) is Track.RED:
        services.worsened(actor=event.actor, administration=administration, at=event.at)


def measure_withdrawn(event: MeasureWithdrawn) -> None:
    """What an alert was lowered by no longer stands."""
    administration = Administration.objects.select_related("follows").get(pk=event.administration)
    services.withdrawn(actor=event.actor, administration=administration, at=event.at)
