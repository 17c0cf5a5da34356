from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import Case, DateField, F, Q, Value, When
from django.utils.translation import gettext as _

from dayward.care.schedule.models import OwnHours, StaffHours
from dayward.care.schedule.services.refusals import one_of_two
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused


@dataclass(frozen=True)
class Block:
    """Weekly hours; for a person, an end at or before the start is on the next day."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    kind: str = OwnHours.Kind.OTHER
    note: str = ""


def _refuse_bad_blocks(blocks: Sequence[Block], *, overnight: bool) -> None:
    for block in blocks:
        if not block.weekdays or not block.weekdays <= set(range(1, 8)):
            raise Refused(_("Choose at least one day of the week."))
        if block.starts == block.ends or (block.ends < block.starts and not overnight):
            raise Refused(_("It ends before it starts."))


@one_of_two()
@transaction.atomic
def tell_own_hours(
    *, actor: Actor, person: Person, blocks: Sequence[Block], from_day: date
) -> list[OwnHours]:
    """What the person does with their own time from a day on; it replaces what was told before."""
    _refuse_bad_blocks(blocks, overnight=True)
    standing = OwnHours.objects.filter(person=person).filter(
        Q(until_day__isnull=True) | Q(until_day__gt=from_day)
    )
    ends = Case(
        When(from_day__gt=from_day, then=F("from_day")), default=Value(from_day), output_field=DateField()
    )
    standing.update(until_day=ends)
    made = OwnHours.objects.bulk_create(
        OwnHours(
            person=person,
            kind=block.kind,
            weekdays=sorted(block.weekdays),
            starts=block.starts,
            ends=block.ends,
            note=block.note,
            from_day=from_day,
            told_by=actor.id,
        )
        for block in blocks
    )
    record(actor=actor, action="schedule.tell_own_hours", person=person, blocks=len(made))
    return made


@one_of_two()
@transaction.atomic
def set_staff_hours(
    *, actor: Actor, staff: StaffMember, site: Site, blocks: Sequence[Block], from_day: date
) -> list[StaffHours]:
    """When somebody works at a site, from a day on; it replaces what was set before."""
    _refuse_bad_blocks(blocks, overnight=False)
    standing = StaffHours.objects.filter(staff=staff, site=site)
    standing = standing.filter(Q(until_day__isnull=True) | Q(until_day__gt=from_day))
    ends = Case(
        When(from_day__gt=from_day, then=F("from_day")), default=Value(from_day), output_field=DateField()
    )
    standing.update(until_day=ends)
    made = StaffHours.objects.bulk_create(
        StaffHours(
            staff=staff,
            site=site,
            weekdays=sorted(block.weekdays),
            starts=block.starts,
            ends=block.ends,
            from_day=from_day,
        )
        for block in blocks
    )
    record(actor=actor, action="schedule.set_staff_hours", subject=staff, site=site, blocks=len(made))
    return made
