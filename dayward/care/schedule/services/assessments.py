"""A booked assessment is a session like any other: it takes the clinician's and the person's time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.models import AssessmentSlot
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, Session, SessionStaff
from dayward.care.schedule.queries.collisions import Wanted, resource_collisions
from dayward.care.schedule.services.refusals import explained, one_of_two
from dayward.care.schedule.services.sessions import call_off, refuse_closed_day
from dayward.care.schedule.times import to_span
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record

EVALUATION = "mental-health-evaluation"


@one_of_two()
@transaction.atomic
def hold_assessment(*, actor: Actor, slot: AssessmentSlot) -> Session | None:
    """Put the assessment on the week of clinician and person; None while no such service is set up."""
    site, person = slot.case.site, slot.case.person
    span = to_span(slot.during)
    refuse_closed_day(site, span)
    service = ServiceKind.objects.filter(key=EVALUATION).first()
    if service is None:
        return None
    with explained(
        lambda: resource_collisions([Wanted(span, None, frozenset([slot.clinician_id]))], site.zone)
    ):
        session = Session.objects.create(
            site=site,
            service=service,
            title=service.name,
            during=slot.during,
            modality=slot.modality,
            assessment=slot,
            changed_by=actor.id,
        )
        SessionStaff.objects.create(session=session, staff=slot.clinician, during=slot.during)
        Booking.objects.create(session=session, person=person, during=slot.during, booked_by=actor.id)
    seats_changed(actor, [person.pk], session.span.start)
    record(actor=actor, action="schedule.hold_assessment", person=person, subject=session, site=site)
    return session


@one_of_two()
@transaction.atomic
def release_assessment(*, actor: Actor, slot: AssessmentSlot, reason: str) -> None:
    """The time is free again."""
    session = Session.objects.select_for_update(of=("self",)).filter(assessment=slot).first()
    if session is None or session.status != Session.Status.PLANNED:
        return
    call_off(actor, session, reason, Booking.Ended.TIMETABLE, timezone.now(), None)
    record(
        actor=actor,
        action="schedule.release_assessment",
        person=slot.case.person,
        subject=session,
        site=session.site,
    )
