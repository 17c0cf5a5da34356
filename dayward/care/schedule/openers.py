"""Leading one of the person's sessions opens the chart (screens.md, "Staff")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from dayward.care.schedule.models import Booking, SessionStaff
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Among, Prepared, Slot

BEFORE = timedelta(days=7)  # to prepare
AFTER = timedelta(days=14)  # to finish notes


def leads_a_session(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether `staff` leads a session the person is booked into, a week from now or in the last two weeks."""
    return bool((yield from leads_sessions_of(staff, person.all_ids)))


def leads_sessions_of(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """The same of many people."""
    now = timezone.now()
    return LED.reading(staff=staff.pk, people=list(people), until=now + BEFORE, since=now - AFTER)


LED = Prepared(
    lambda: (
        Booking.objects.standing()
        .filter(
            Among("person", Slot("people")),
            during__startswith__lt=Slot("until"),
            during__endswith__gt=Slot("since"),
            session__leaders__staff=Slot("staff"),
            session__leaders__status=SessionStaff.Status.LEADS,
        )
        .order_by()
        .values_list("person_id", flat=True)
        .distinct()
    )
)
