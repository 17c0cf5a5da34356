from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.casework.models import Need, NeedStep
from dayward.chart.casework.rules.needs import CLOSED, OPEN
from dayward.chart.plans.queries.plans import current_episode
from dayward.chart.safety.services import author
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused


@dataclass(frozen=True)
class Wanted:
    """A need as it was filled in."""

    kind: str
    wanted: str
    with_whom: str = ""
    next_on: date | None = None


@dataclass(frozen=True)
class Done:
    """What was done about it, and the stage that led to."""

    stage: str
    note: str
    minutes: int = 0
    next_on: date | None = None
    with_whom: str = ""


@transaction.atomic
def open_need(
    *,
    actor: Actor,
    person: Person,
    wanted: Wanted,
    owner: StaffMember | None = None,
    at: datetime | None = None,
) -> Need:
    """Somebody looks after it from now on: the owner, otherwise who writes it down."""
    if not wanted.wanted.strip():
        raise Refused(_("Say what is needed."))
    need = Need.objects.create(
        person=person,
        episode=current_episode(person),
        kind=Need.Kind(wanted.kind),
        wanted=wanted.wanted.strip()[:300],
        with_whom=wanted.with_whom.strip()[:200],
        next_on=wanted.next_on,
        owner=owner or author(actor),
        opened_at=at or timezone.now(),
        opened_by=actor.id,
    )
    record(actor=actor, action="casework.open_need", person=person, subject=need, need=wanted.kind)
    return need


@transaction.atomic
def step(*, actor: Actor, need: Need, done: Done, at: datetime | None = None) -> NeedStep:
    """Write down what was done; settled or dropped ends it. What was written before stays as it is."""
    staff, now = author(actor), at or timezone.now()
    rows = Need.objects.select_for_update(of=("self",)).select_related("person__site")
    current = rows.get(pk=need.pk)
    if current.stage in CLOSED:
        raise Refused(_("This is settled already. Open another: it will stand beside it."))
    if not done.note.strip():
        raise Refused(_("Say what was done, or what the result is."))
    made = NeedStep.objects.create(
        need=current,
        stage=Need.Stage(done.stage),
        note=done.note.strip(),
        minutes=done.minutes,
        done_at=now,
        done_by=staff,
    )
    current.stage = Need.Stage(done.stage)
    current.next_on = done.next_on if done.stage in OPEN else None
    current.with_whom = done.with_whom.strip()[:200] or current.with_whom
    if done.stage in CLOSED:
        current.closed_at, current.closed_by = now, staff
    current.version += 1
    current.save()
    record(actor=actor, action="casework.step_need", person=current.person, subject=current, stage=done.stage)
    return made


@transaction.atomic
def hand_on(*, actor: Actor, need: Need, owner: StaffMember) -> Need:
    """Somebody else looks after it."""
    current = Need.objects.select_for_update(of=("self",)).select_related("person").get(pk=need.pk)
    if current.stage in CLOSED:
        raise Refused(_("This is settled already."))
    current.owner = owner
    current.version += 1
    current.save(update_fields=["owner", "version"])
    record(actor=actor, action="casework.hand_on_need", person=current.person, subject=current)
    return current
