"""What a secret address leads to: the appointments of a member of staff or of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from dayward.care.schedule.models import Booking, CalendarFeed, Session, SessionStaff
from dayward.care.schedule.services import feed_digest
from dayward.care.schedule.times import LONGEST
from dayward.doors.exchange.ical.build import Appointment, uid
from dayward.foundation.people.models import Person, StaffMember

BACK = timedelta(days=30)


def feed_of(token: str) -> CalendarFeed | None:
    """The feed whose address holds this secret, unless it was revoked or its owner has left."""
    rows = CalendarFeed.objects.filter(digest=feed_digest(token), revoked_at__isnull=True)
    found = rows.select_related("staff", "person").first()
    has_left = found is not None and found.staff is not None and not found.staff.works_on(timezone.now())
    return None if has_left else found


def appointments(feed: CalendarFeed) -> list[Appointment]:
    """From a month back to the end of what is planned."""
    if feed.staff is not None:
        return _led(feed.staff)
    return _booked(feed.person) if feed.person is not None else []


def _led(staff: StaffMember) -> list[Appointment]:
    since = timezone.now() - BACK
    rows = SessionStaff.objects.filter(
        staff=staff, during__startswith__gte=since - LONGEST, during__endswith__gt=since
    )
    return [
        _appointment(
            staff.public_id,
            row.session,
            extra=row.sequence,
            gone=row.status != SessionStaff.Status.LEADS,
        )
        for row in rows.select_related("session__site")
    ]


def _booked(person: Person) -> list[Appointment]:
    rows = Booking.objects.filter(
        person_id__in=person.all_ids, during__endswith__gt=timezone.now() - BACK
    ).select_related("session__site")
    by_session: dict[int, list[Booking]] = defaultdict(list)
    for row in rows:
        by_session[row.session_id].append(row)
    return [_of_bookings(person, each) for each in by_session.values()]


def _of_bookings(person: Person, rows: Iterable[Booking]) -> Appointment:
    """A session somebody gave up and booked again is one event whose number only grows."""
    seats = list(rows)
    gone = all(seat.status == Booking.Status.CANCELLED for seat in seats)
    extra = sum(seat.sequence for seat in seats) + len(seats) - 1
    return _appointment(person.public_id, seats[0].session, extra=extra, gone=gone)


def _appointment(owner: str, session: Session, *, extra: int, gone: bool) -> Appointment:
    return Appointment(
        uid=uid(owner, session.public_id),
        start=session.span.start,
        end=session.span.end,
        zone=session.site.zone,
        sequence=session.sequence + extra,
        changed=session.changed_at,
        cancelled=gone or session.status == Session.Status.CANCELLED,
    )
