"""What is settled before somebody leaves: the discharge plan and its appointments (T21, S23-S25)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import DischargePlan, Episode, FollowUpAppointment
from dayward.care.journey.queries.leaving import as_texts, family_may_be_told, is_followed
from dayward.care.journey.rules.leaving import SUPPORTS
from dayward.care.journey.rules.merge import Clash, merge
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed

State = FollowUpAppointment.State


@dataclass(frozen=True)
class Leaving:
    """What a discharge plan says; `base` are the fingerprints of the texts the form began with."""

    planned_for: date
    texts: Mapping[str, str]
    supports: Collection[str] = ()
    family: str = ""
    base: Mapping[str, str] = field(default_factory=dict)

    def as_texts(self) -> dict[str, str]:
        """All of it as texts, so that what two people chose is compared as well as what they wrote."""
        chosen = ",".join(kind for kind in SUPPORTS if kind in self.supports)
        when = self.planned_for.isoformat()
        return {**self.texts, "supports": chosen, "family": self.family, "planned_for": when}


@transaction.atomic
def save_discharge_plan(
    *, actor: Actor, episode: Episode, leaving: Leaving, at: datetime | None = None
) -> tuple[DischargePlan, tuple[Clash, ...]]:
    """Write the plan, field by field beside what others wrote; what both changed goes back to the writer."""
    current, when = lock(episode), at or timezone.now()
    if current.ended_at is not None:
        raise Refused(_("The episode has ended; write what happened since into the aftercare."))
    if unknown := set(leaving.supports) - SUPPORTS.keys():
        raise Refused(_("Not a kind of support group: %(kinds)s.") % {"kinds": ", ".join(sorted(unknown))})
    plan = DischargePlan.objects.filter(episode=current).first() or DischargePlan(
        episode=current, planned_for=leaving.planned_for
    )
    merged = merge(as_texts(plan), leaving.as_texts(), leaving.base)
    _write_plan(plan, merged.values)
    if plan.family == DischargePlan.Family.TOLD and not family_may_be_told(current.person):
        raise Refused(
            _("The family may be told only under the person's own consent to share; ask for it first.")
        )
    plan.written_at, plan.written_by = when, actor.id
    plan.version += 1 if plan.pk else 0
    plan.save()
    record(
        actor=actor,
        action="journey.save_discharge_plan",
        person=current.person,
        subject=plan,
        clashes=[clash.key for clash in merged.clashes],
    )
    return plan, merged.clashes


def _write_plan(plan: DischargePlan, values: Mapping[str, str]) -> None:
    for key, text in values.items():
        if key == "supports":
            plan.supports = [kind for kind in SUPPORTS if kind in text.split(",")]
        elif key == "planned_for":
            plan.planned_for = date.fromisoformat(text)
        else:
            setattr(plan, key, text)


@transaction.atomic
def give_copy(*, actor: Actor, episode: Episode, at: datetime | None = None) -> DischargePlan:
    """CARF 2.D: the person has the plan in hand."""
    plan = DischargePlan.objects.select_for_update().filter(episode=episode).first()
    if plan is None:
        raise Refused(_("There is no discharge plan yet."))
    plan.copy_given_at, plan.copy_given_by = at or timezone.now(), actor.id
    plan.save(update_fields=["copy_given_at", "copy_given_by"])
    record(actor=actor, action="journey.give_discharge_plan", person=episode.person, subject=plan)
    return plan


@transaction.atomic
def plan_discharge(*, actor: Actor, episode: Episode, at: datetime | None = None) -> Episode:
    """T21: the discharge is planned; what the plan lacks goes along as a warning."""
    current = lock(episode)
    take_step(current, "plan_discharge", actor=actor, at=at)
    return current


@transaction.atomic
def stay_on(*, actor: Actor, episode: Episode, reason: str, at: datetime | None = None) -> Episode:
    """T21: the planned discharge is called off; the plan stays, for later."""
    current = lock(episode)
    take_step(current, "stay_on", actor=actor, reason=reason, at=at)
    return current


# -- appointments --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """An appointment after discharge: with whom, where, when."""

    kind: str
    name: str
    at: datetime
    place: str = ""
    phone: str = ""


@transaction.atomic
def make_appointment(
    *, actor: Actor, episode: Episode, visit: Visit, at: datetime | None = None
) -> FollowUpAppointment:
    """Made with somebody for after the discharge."""
    current, when = lock(episode), at or timezone.now()
    if current.ended_at is not None and not is_followed(current):
        raise Refused(_("The follow-up of this episode has ended."))
    if visit.at <= when:
        raise Refused(_("The appointment is in the past."))
    row = FollowUpAppointment.objects.create(episode=current, made_at=when, made_by=actor.id, **asdict(visit))
    changed(current.person_id, "aftercare")
    record(actor=actor, action="journey.make_appointment", person=current.person, subject=row)
    return row


@transaction.atomic
def confirm_appointment(
    *, actor: Actor, appointment: FollowUpAppointment, at: datetime | None = None
) -> FollowUpAppointment:
    """The other side, or the person, has said again that it holds."""
    row = _locked(appointment)
    if row.state != State.MADE:
        raise Refused(_("This appointment is not waiting for a confirmation."))
    return _write(
        row, actor, "confirm", state=State.CONFIRMED, confirmed_at=at or timezone.now(), confirmed_by=actor.id
    )


@transaction.atomic
def settle_appointment(
    *,
    actor: Actor,
    appointment: FollowUpAppointment,
    state: str,
    result: str = "",
    at: datetime | None = None,
) -> FollowUpAppointment:
    """Kept, missed or canceled: what became of it."""
    row, when = _locked(appointment), at or timezone.now()
    if not row.is_open:
        raise Refused(_("What became of this appointment is written down already."))
    if state not in (State.ATTENDED, State.MISSED, State.CANCELLED):
        raise Refused(_("Say whether it was kept, missed or canceled."))
    if state != State.CANCELLED and row.at > when:
        raise Refused(_("The appointment is still to come."))
    return _write(
        row, actor, "settle", state=state, result=result.strip(), settled_at=when, settled_by=actor.id
    )


@transaction.atomic
def reopen_appointment(*, actor: Actor, appointment: FollowUpAppointment) -> FollowUpAppointment:
    """Undo: what became of it was written down wrongly."""
    row = _locked(appointment)
    if row.is_open:
        raise Refused(_("Nothing is written down about this appointment yet."))
    state = State.CONFIRMED if row.confirmed_at else State.MADE
    return _write(row, actor, "reopen", state=state, settled_at=None, settled_by=None)


def _locked(appointment: FollowUpAppointment) -> FollowUpAppointment:
    rows = FollowUpAppointment.objects.select_for_update(of=("self",)).select_related("episode__person")
    return rows.get(pk=appointment.pk)


def _write(row: FollowUpAppointment, actor: Actor, verb: str, **values: Any) -> FollowUpAppointment:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    changed(row.episode.person_id, "aftercare")
    action = f"journey.{verb}_appointment"
    record(actor=actor, action=action, person=row.episode.person, subject=row, state=row.state)
    return row
