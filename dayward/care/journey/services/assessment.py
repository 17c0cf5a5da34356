"""The assessment's appointment, and its result as the chart proves it (T5-T8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.events import AssessmentBooked, AssessmentReleased, CaseMoved
from dayward.care.journey.models import AssessmentSlot, IntakeCase
from dayward.care.journey.services.intake import end_waiting
from dayward.care.journey.services.steps import lock, take_step
from dayward.foundation.access.services import add_to_care_team
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.events import publish

BOOKING_STEPS = {"assessment_missed": "reschedule_assessment", "assessment_scheduled": "move_assessment"}


@dataclass(frozen=True)
class Slot:
    """A time with a clinician."""

    clinician: StaffMember
    starts: datetime
    minutes: int = 90
    modality: str = "in_person"

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.minutes)


@transaction.atomic
def book_assessment(
    *, actor: Actor, case: IntakeCase, slot: Slot, reason: str = "", at: datetime | None = None
) -> AssessmentSlot:
    """T5, T6: the first booking, a new one after a missed one, or a move (which takes a reason)."""
    current = lock(case)
    when = at or timezone.now()
    if slot.starts < when:
        raise Refused(_("The time is in the past."))
    _release(current, AssessmentSlot.Status.MOVED, actor=actor)
    booked = AssessmentSlot(
        case=current,
        clinician=slot.clinician,
        during=(slot.starts, slot.ends),
        modality=slot.modality,
        booked_at=when,
        booked_by=actor.id,
    )
    try:
        with transaction.atomic():
            booked.save()
    except IntegrityError:
        raise Refused(
            _("%(name)s has another assessment at that time.") % {"name": slot.clinician.name}
        ) from None
    booked.refresh_from_db(fields=["during"])
    add_to_care_team(actor=actor, person=current.person, staff=slot.clinician, function="intake")
    publish(AssessmentBooked(booked.pk, actor))
    end_waiting(current, actor=actor, at=at)
    key = BOOKING_STEPS.get(current.state, "schedule_assessment")
    take_step(current, key, actor=actor, reason=reason, at=at, planned_for=None)
    return booked


def _release(case: IntakeCase, status: str, *, actor: Actor) -> None:
    for slot in AssessmentSlot.objects.filter(case=case, status=AssessmentSlot.Status.BOOKED):
        slot.status = status
        slot.save(update_fields=["status"])
        publish(AssessmentReleased(slot.pk, actor))


@transaction.atomic
def miss_assessment(
    *, actor: Actor, case: IntakeCase, note: str = "", at: datetime | None = None
) -> IntakeCase:
    """T6: the time has passed and the person did not come."""
    current = lock(case)
    take_step(current, "miss_assessment", actor=actor, reason=note, at=at)
    _release(current, AssessmentSlot.Status.MISSED, actor=actor)
    publish(CaseMoved(current.pk, "miss_assessment", current.state, actor))
    return current


@transaction.atomic
def record_assessment(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> IntakeCase:
    """T7: the chart holds a signed assessment with diagnosis and risk statement."""
    current = lock(case)
    take_step(current, "record_assessment", actor=actor, at=at)
    AssessmentSlot.objects.filter(case=current, status="booked").update(status=AssessmentSlot.Status.KEPT)
    publish(CaseMoved(current.pk, "record_assessment", current.state, actor))
    return current


@transaction.atomic
def decide_level(*, actor: Actor, case: IntakeCase, at: datetime | None = None) -> IntakeCase:
    """T8: recommended and actual level are signed, with the reason where they differ."""
    current = lock(case)
    take_step(current, "decide_level", actor=actor, at=at)
    publish(CaseMoved(current.pk, "decide_level", current.state, actor))
    return current
