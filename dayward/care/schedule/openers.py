"""Leading one of the person's sessions opens the chart (screens.md, "Staff")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from dayward.care.schedule.models import Booking, SessionStaff
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading, all_of, any_of

BEFORE = timedelta(days=7)  # to prepare
AFTER = timedelta(days=14)  # to finish notes


def leads_a_session(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether `staff` leads a session the person is booked into, a week from now or in the last two weeks."""
    return any_of(_led(staff, person.all_ids))


def leads_sessions_of(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """The same of many people."""
    return all_of(_led(staff, people).order_by().values_list("person_id", flat=True))


def _led(staff: StaffMember, people: Collection[int]) -> QuerySet[Booking]:
    now = timezone.now()
    return Booking.objects.filter(
        person_id__in=people,
        status=Booking.Status.BOOKED,
        during__startswith__lt=now + BEFORE,
        during__endswith__gt=now - AFTER,
        session__leaders__staff=staff,
        session__leaders__status=SessionStaff.Status.LEADS,
    )
