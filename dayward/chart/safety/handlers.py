"""What this package does about what was said: in the same transaction, so that neither is there without the other."""

from __future__ import annotations

from dayward.care.journey.events import DangerHeard
from dayward.care.journey.models import AftercareCall
from dayward.chart.measures import library
from dayward.chart.measures import queries as measures
from dayward.chart.measures.events import MeasureAnswered, MeasureScored, MeasureWithdrawn
from dayward.chart.measures.models import Administration, Answer
from dayward.chart.measures.rules.change import Track, track
from dayward.chart.safety.alerts import services


def danger_heard(event: DangerHeard) -> None:
    """Thoughts of suicide or harm in a call raise an alert."""
    call = AftercareCall.objects.select_related("episode__person__site").get(pk=event.call_id)
    services.told_in_a_call(actor=event.actor, call=call, now=event.now, at=event.at)


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
