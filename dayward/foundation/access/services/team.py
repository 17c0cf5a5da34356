"""Who treats whom."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused


@transaction.atomic
def add_to_care_team(
    *, actor: Actor, person: Person, staff: StaffMember, function: str, since: datetime | None = None
) -> CareTeamMember:
    """Somebody treats the person from now on, and so may open the chart. Said twice is said once."""
    now = since or timezone.now()
    known = CareTeamMember.objects.at(now).filter(staff=staff, function=function)
    found = known.filter(person_id__in=person.all_ids).first()
    if found:
        return found
    try:
        with transaction.atomic():
            member = CareTeamMember.objects.create(
                person=person, staff=staff, function=function, during=TimestamptzRange(now, None)
            )
    except IntegrityError:
        raise Refused(_("%(name)s is on this care team already.") % {"name": staff.name}) from None
    record(
        actor=actor,
        action="access.add_to_care_team",
        person=person,
        subject=member,
        function=function,
        staff=staff.public_id,
    )
    return member


@transaction.atomic
def end_care_team(*, actor: Actor, member: CareTeamMember, at: datetime | None = None) -> CareTeamMember:
    """The chart closes to them, unless something else opens it."""
    now = at or timezone.now()
    if member.during.upper and member.during.upper <= now:
        raise Refused(_("This has ended already."))
    member.during = TimestamptzRange(member.during.lower, max(now, member.during.lower))
    member.save(update_fields=["during"])
    record(
        actor=actor,
        action="access.end_care_team",
        person=member.person,
        subject=member,
        function=member.function,
        staff=member.staff.public_id,
    )
    return member


@transaction.atomic
def restore_care_team(*, actor: Actor, member: CareTeamMember) -> CareTeamMember:
    """Undo of ending it."""
    member.during = TimestamptzRange(member.during.lower, None)
    try:
        with transaction.atomic():
            member.save(update_fields=["during"])
    except IntegrityError:
        raise Refused(_("%(name)s is on this care team already.") % {"name": member.staff.name}) from None
    record(
        actor=actor,
        action="access.restore_care_team",
        person=member.person,
        subject=member,
        staff=member.staff.public_id,
    )
    return member
