"""Who and what is in the way, in sentences. Sessions are named by their title, which never names a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dayward.care.schedule.models import Booking, OwnHours, Session, SessionStaff
from dayward.care.schedule.rules.own_hours import Busy
from dayward.care.schedule.rules.seats import Held
from dayward.care.schedule.times import hull, to_range, to_span, when
from dayward.foundation.people.models import Person
from dayward.kernel.spans import Span


@dataclass(frozen=True)
class Wanted:
    """A stretch somebody wants: in a room, led by staff; `session` is itself when it moves."""

    span: Span
    room: int | None = None
    staff: frozenset[int] = field(default_factory=frozenset)
    session: int | None = None


def resource_collisions(wanted: Sequence[Wanted], zone: ZoneInfo) -> list[str]:
    """A sentence for each room that is taken and each clinician who is busy."""
    if not wanted:
        return []
    moving = {each.session for each in wanted if each.session}
    return _room_collisions(wanted, moving, zone) + _staff_collisions(wanted, moving, zone)


def _room_collisions(wanted: Sequence[Wanted], moving: Collection[int], zone: ZoneInfo) -> list[str]:
    rooms = {each.room for each in wanted if each.room}
    there = (
        Session.objects.filter(room__in=rooms, during__overlap=to_range(hull(each.span for each in wanted)))
        .exclude(status=Session.Status.CANCELLED)
        .exclude(pk__in=moving)
        .select_related("room")
    )
    found = []
    for each in wanted:
        for session in there:
            if session.room_id == each.room and to_span(session.during).overlaps(each.span):
                words = {
                    "room": session.room,
                    "title": session.title,
                    "when": when(to_span(session.during), zone),
                }
                found.append(_("%(room)s is taken by “%(title)s” on %(when)s.") % words)
    return found


def _staff_collisions(wanted: Sequence[Wanted], moving: Collection[int], zone: ZoneInfo) -> list[str]:
    staff = {one for each in wanted for one in each.staff}
    there = (
        SessionStaff.objects.filter(
            staff__in=staff, during__overlap=to_range(hull(each.span for each in wanted))
        )
        .filter(status=SessionStaff.Status.LEADS)
        .exclude(session__in=moving)
        .select_related("staff", "session")
    )
    found = []
    for each in wanted:
        for row in there:
            if row.staff_id in each.staff and to_span(row.during).overlaps(each.span):
                words = {
                    "name": row.staff.name,
                    "title": row.session.title,
                    "when": when(to_span(row.during), zone),
                }
                found.append(_("%(name)s leads “%(title)s” on %(when)s.") % words)
    return found


def held_by(
    people: Collection[int], within: Span, *, without: Collection[int] = ()
) -> dict[int, list[Booking]]:
    """Standing bookings by person that touch `within`; `without` are sessions to leave out."""
    held: dict[int, list[Booking]] = {person: [] for person in people}
    for row in booked_within(people, within).exclude(session__in=without):
        held[row.person_id].append(row)
    return held


def booked_within(people: Collection[int], within: Span) -> QuerySet[Booking]:
    """Standing bookings of these that touch `within`."""
    return (
        Booking.objects.filter(
            person__in=people, during__overlap=to_range(within), status=Booking.Status.BOOKED
        )
        .select_related("session__service", "session__room", "session__site", "pulled_out_of__session")
        .order_by("during")
    )


def as_held(bookings: Iterable[Booking]) -> tuple[Held, ...]:
    return tuple(Held(each.pk, to_span(each.during), each.pulled_out_of_id is not None) for each in bookings)


def person_sentence(person: Person, booking: Booking, zone: ZoneInfo) -> str:
    words = {
        "name": person.called,
        "title": booking.session.title,
        "when": when(to_span(booking.during), zone),
    }
    return _("%(name)s already has “%(title)s” on %(when)s.") % words


def busy(row: OwnHours) -> Busy:
    return Busy(row.kind, frozenset(row.weekdays), row.starts, row.ends, row.from_day, row.until_day)


def own_hours_of(person: Person) -> list[Busy]:
    """The person's own hours as the rules read them, past and standing."""
    return [busy(row) for row in hours_of(person)]


def hours_of(person: Person) -> QuerySet[OwnHours]:
    return OwnHours.objects.filter(person=person)


def own_hours_sentence(person: Person, span: Span, hours: Busy, zone: ZoneInfo) -> str:
    words = {
        "when": when(span, zone),
        "name": person.called,
        "what": str(OwnHours.Kind(hours.kind).label).lower(),
    }
    return _("%(when)s is in the hours %(name)s has for themselves (%(what)s).") % words
