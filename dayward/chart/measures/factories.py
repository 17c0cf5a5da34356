"""Questionnaires answered through the services, for tests and for looking at pages; synthetic people only."""

from __future__ import annotations

from datetime import datetime

from dayward.chart.measures import library, services
from dayward.chart.measures.models import Administration
from dayward.foundation.audit.actors import Actor, person_actor
from dayward.foundation.people.models import Person, User


def own_actor(person: Person) -> Actor:
    """The person, signed in to their own page."""
    user = User.objects.filter(person=person).first() or User.objects.create(person=person)
    return person_actor(user)


def answered(
    *,
    person: Person,
    instrument: str,
    answers: str,
    actor: Actor | None = None,
    mode: str = Administration.Mode.SELF,
    at: datetime | None = None,
    finish: bool = True,
) -> Administration:
    """A questionnaire with these answers, a mark each ("-" none, "x" would rather not say), by the person."""
    who = actor or own_actor(person)
    row = services.start(actor=who, person=person, instrument=instrument, mode=mode, at=at)
    for item, value in library.answers_of(library.instrument(instrument), answers).items():
        services.answer(actor=who, administration=row, item=item, value=value, mode=mode, at=at)
    if finish:
        services.finish(actor=who, administration=row, at=at)
    row.refresh_from_db()
    return row
