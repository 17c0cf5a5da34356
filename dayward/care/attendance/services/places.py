from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Whereabouts
from dayward.care.schedule.models import Booking, Modality
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.kernel.errors import Refused

EARLIEST = timedelta(hours=2)  # before the start: where somebody will be is not where they are


@transaction.atomic
def tell_place(
    *,
    actor: Actor,
    booking: Booking,
    place: str,
    state: str,
    at_home: bool = False,
    at: datetime | None = None,
) -> Whereabouts:
    """Where the person is, now, for this session by video; told again, the newer word counts."""
    when, session = at or timezone.now(), booking.session
    if session.modality != Modality.TELEHEALTH:
        raise Refused(_("This session is not by video."))
    if booking.status != Booking.Status.BOOKED:
        raise Refused(_("This session is called off."))
    if when < session.span.start - EARLIEST:
        raise Refused(_("It is too early to say where you are then."))
    row = Whereabouts.objects.create(
        booking=booking,
        person_id=booking.person_id,
        place=place.strip(),
        state=state,
        at_home=at_home,
        told_at=when,
        told_by=actor.id,
    )
    record(
        actor=actor,
        action="attendance.tell_place",
        person=booking.person,
        subject=row,
        site=session.site,
    )
    return row
