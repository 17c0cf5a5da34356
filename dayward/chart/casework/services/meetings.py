from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.casework.models import OutsideMeeting
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.errors import Refused

LONGEST = 24 * 60


@transaction.atomic
def log_meeting(
    *,
    actor: Actor,
    person: Person,
    kind: str,
    on: date,
    minutes: int | None = None,
    note: str = "",
    at: datetime | None = None,
) -> OutsideMeeting:
    """A meeting outside, told by the person or written down by staff. It is never treatment and never counts."""
    _may_tell(actor, person)
    if on > today_at(person, at):
        raise Refused(_("This day is still to come."))
    if minutes is not None and not 0 < minutes < LONGEST:
        raise Refused(_("Say how many minutes it was, or leave it empty."))
    row = OutsideMeeting.objects.create(
        person=person,
        kind=OutsideMeeting.Kind(kind),
        on=on,
        minutes=minutes,
        note=note.strip()[:300],
        logged_at=at or timezone.now(),
        logged_by=actor.id,
    )
    record(actor=actor, action="casework.log_meeting", person=person, subject=row)
    return row


@transaction.atomic
def meeting_in_error(*, actor: Actor, meeting: OutsideMeeting, at: datetime | None = None) -> None:
    """It was written down by mistake; it stays, struck through. The person takes back what they told themselves."""
    _may_tell(actor, meeting.person)
    row = OutsideMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if actor.staff is None and row.logged_by != actor.id:
        raise Refused(_("This was written down by staff; they can take it back."))
    if row.entered_in_error_at is None:
        row.entered_in_error_at, row.entered_in_error_by = at or timezone.now(), actor.id
        row.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
        record(actor=actor, action="casework.meeting_in_error", person=meeting.person, subject=row)


def _may_tell(actor: Actor, person: Person) -> None:
    own = actor.person is not None and actor.person.pk in person.all_ids
    if actor.staff is None and not own:
        raise Refused(_("Only the person or staff can write this down."))
