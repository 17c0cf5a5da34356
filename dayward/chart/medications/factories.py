"""Medications put on the list through the services, for tests and for looking at pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dayward.chart.medications import services
from dayward.chart.medications.models import Medication
from dayward.chart.medications.services import NewMedication, Wanted
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import Person


def started(
    *,
    actor: Actor,
    person: Person,
    on: date,
    name: str = "Sertraline 50 mg tablet",
    dose: str = "50 mg",
    at: datetime | None = None,
) -> Medication:
    """A medication of ours, signed by a prescriber."""
    assert actor.staff is not None
    change = services.start(
        actor=actor,
        person=person,
        what=NewMedication(name, "by mouth", "low mood"),
        wanted=Wanted(
            "start", on, "Low mood for months", dose, "every morning", next_look_on=on + timedelta(days=14)
        ),
        typed_name=actor.staff.name,
        at=at,
    )
    return change.medication
