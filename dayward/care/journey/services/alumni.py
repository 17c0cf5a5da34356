"""Alumni: by their own consent only; leaving stops at once; nothing is ever paid or given for a referral (EKRA)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, AlumniAttendance, AlumniEvent
from dayward.care.journey.queries.alumni import is_member
from dayward.care.journey.services.steps import lock
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.kernel.errors import Refused

Answer = AlumniAttendance.Answer


@dataclass(frozen=True)
class Gathering:
    """A group or an outing: what, when, where."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    note: str = ""


@transaction.atomic
def make_event(*, actor: Actor, site: Site, gathering: Gathering, at: datetime | None = None) -> AlumniEvent:
    """Something alumni may come to."""
    if gathering.ends_at <= gathering.starts_at:
        raise Refused(_("The end is before the start."))
    event = AlumniEvent.objects.create(
        site=site, led_by=actor.staff, made_at=at or timezone.now(), made_by=actor.id, **asdict(gathering)
    )
    record(actor=actor, action="journey.make_alumni_event", subject=event, site=site)
    return event


@transaction.atomic
def cancel_event(*, actor: Actor, event: AlumniEvent, at: datetime | None = None) -> AlumniEvent:
    """It does not take place; who meant to come sees it."""
    row = AlumniEvent.objects.select_for_update().get(pk=event.pk)
    if row.cancelled_at is not None:
        raise Refused(_("The event is canceled already."))
    row.cancelled_at, row.cancelled_by = at or timezone.now(), actor.id
    row.save(update_fields=["cancelled_at", "cancelled_by"])
    record(actor=actor, action="journey.cancel_alumni_event", subject=row, site=row.site)
    return row


@transaction.atomic
def restore_event(*, actor: Actor, event: AlumniEvent) -> AlumniEvent:
    """Undo: it does take place."""
    row = AlumniEvent.objects.select_for_update().get(pk=event.pk)
    row.cancelled_at, row.cancelled_by = None, None
    row.save(update_fields=["cancelled_at", "cancelled_by"])
    record(actor=actor, action="journey.restore_alumni_event", subject=row, site=row.site)
    return row


@transaction.atomic
def answer_event(
    *, actor: Actor, event: AlumniEvent, member: AftercareCase, answer: str, at: datetime | None = None
) -> AlumniAttendance:
    """Somebody says whether they come (themselves, or by staff); afterwards, whether they came."""
    current, when = lock(member), at or timezone.now()
    person = current.episode.person
    if actor.staff is None and (actor.person is None or actor.person.pk not in person.all_ids):
        raise Refused(_("This is not yours to answer."))
    if not is_member(current):
        raise Refused(_("The person is not among the alumni, or has taken the consent back."))
    if event.cancelled_at is not None:
        raise Refused(_("The event is canceled."))
    begun, told_after = event.starts_at <= when, answer in (Answer.CAME, Answer.ABSENT)
    if (told_after and not begun) or (actor.staff is None and (told_after or begun)):
        raise Refused(_("Who came is written down by staff, once it has begun."))
    row, _made = AlumniAttendance.objects.update_or_create(
        event=event,
        aftercare=current,
        defaults={"answer": answer, "answered_at": when, "answered_by": actor.id},
    )
    record(actor=actor, action="journey.answer_alumni_event", person=person, subject=row, answer=answer)
    return row
