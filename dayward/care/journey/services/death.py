"""The person has died: everything open is closed, in one act (T27)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.care.journey.services.episodes import end_for_death
from dayward.care.journey.services.intake import end_waiting
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


@transaction.atomic
def close_for_death(*, actor: Actor, person: Person, at: datetime | None = None) -> int:
    """The death is recorded on the person; cases, episodes and aftercare are closed. Returns how many."""
    closed = 0
    for case in IntakeCase.objects.open().filter(person_id__in=person.all_ids):
        current = lock(case)
        end_waiting(current, actor=actor, at=at)
        take_step(current, "close_case_deceased", actor=actor, at=at, planned_for=None)
        closed += 1
    for episode in Episode.objects.filter(person_id__in=person.all_ids, ended_at__isnull=True):
        end_for_death(actor=actor, episode=episode, at=at)
        closed += 1
    for aftercare in AftercareCase.objects.filter(
        episode__person_id__in=person.all_ids, state__in=open_states(Machine.AFTERCARE)
    ):
        take_step(lock(aftercare), "close_aftercare_deceased", actor=actor, at=at)
        closed += 1
    if not closed:
        raise Refused(_("Nothing is open for this person."))
    record(actor=actor, action="journey.close_for_death", person=person, closed=closed)
    return closed
