from __future__ import annotations

from dayward.chart.assessments import services
from dayward.chart.safety.events import SafetySigned
from dayward.chart.safety.queries import open_case
from dayward.foundation.people.models import Person


def safety_signed(event: SafetySigned) -> None:
    """A statement or plan may have been the last thing the way in waited for."""
    case = open_case(Person.objects.get(pk=event.person_id))
    if case is not None:
        services.advance(actor=event.actor, case=case, at=event.at)
