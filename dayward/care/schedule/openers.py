"""Leading one of the person's sessions opens the chart (screens.md, "Staff")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from dayward.care.schedule.models import Booking, SessionStaff
from dayward.care.schedule.times import LONGEST
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Prepared, Slot

BEFORE = timedelta(days=7)  # to prepare
AFTER = timedelta(days=14)  # to finish notes


def leads_a_session(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether `staff` leads a session the person is booked into, a week from now or in the last two weeks."""
    return not set(person.all_ids).isdisjoint((yield from leads_sessions_of(staff, person.all_ids)))


def leads_sessions_of(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """The same of many people: of all of their sessions, for they are few beside those of hundreds of people."""
    now = timezone.now()
    return LED.reading(staff=staff.pk, until=now + BEFORE, since=now - AFTER, begun=now - AFTER - LONGEST)


def _led() -> QuerySet[Booking, int]:
    led = SessionStaff.objects.filter(
        staff=Slot("staff"),
        status=SessionStaff.Status.LEADS,
        during__startswith__lt=Slot("until"),
        during__startswith__gte=Slot("begun"),
    )
    rows = Booking.objects.standing().filter(
        session__in=led.values("session"), during__endswith__gt=Slot("since")
    )
    return rows.order_by().values_list("person_id", flat=True).distinct()


LED = Prepared(_led)
