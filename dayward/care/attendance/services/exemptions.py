from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.models import WeekExemption
from dayward.care.attendance.services.weeks import refresh_weeks
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


@transaction.atomic
def exempt_week(*, actor: Actor, person: Person, start: date, reason: str, note: str) -> WeekExemption:
    """Nothing follows from this week, should it stay under its floor; figures and verdict stay as they are."""
    if actor.staff is None:
        raise Refused(_("A member of staff says why a week is exempt."))
    if reason not in WeekExemption.Reason.values or not note.strip():
        raise Refused(_("Say why the week is exempt, and what shows it."))
    standing = WeekExemption.objects.filter(person__in=person.all_ids, start=start, withdrawn_at=None)
    if standing.exists():
        raise Refused(_("This week is exempt already. Take that back first."))
    row = WeekExemption.objects.create(
        person=person, start=start, reason=reason, note=note.strip()[:200], set_by=actor.staff
    )
    refresh_weeks(actor=actor, people=[person.pk], since=start)
    record(
        actor=actor,
        action="attendance.exempt_week",
        person=person,
        subject=row,
        reason=note.strip(),
        start=start.isoformat(),
    )
    return row


@transaction.atomic
def withdraw_exemption(*, actor: Actor, exemption: WeekExemption) -> WeekExemption:
    """It was a mistake: the week is held against its floor again. What was said stays in the record."""
    row = WeekExemption.objects.select_for_update(of=("self",)).select_related("person").get(pk=exemption.pk)
    if actor.staff is None or row.withdrawn_at is not None:
        raise Refused(_("This was taken back already."))
    row.withdrawn_at, row.withdrawn_by = timezone.now(), actor.staff
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    refresh_weeks(actor=actor, people=[row.person_id], since=row.start)
    record(actor=actor, action="attendance.withdraw_exemption", person=row.person, subject=row)
    return row
