from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.collisions import (
    as_held,
    held_by,
    own_hours_of,
    own_hours_sentence,
    person_sentence,
)
from dayward.care.schedule.queries.seat_checks import findings_of_seats
from dayward.care.schedule.rules.own_hours import conflicts
from dayward.care.schedule.rules.seats import Fit, Held, Seats, fit, limited_by_room
from dayward.care.schedule.services.limits import ask_limits, keep_limits
from dayward.care.schedule.services.refusals import (
    OVER_CAP,
    OWN_HOURS,
    PULL_OUT,
    NeedsReason,
    explained,
    one_of_two,
)
from dayward.care.schedule.services.sessions import Place, add_session
from dayward.care.schedule.times import when
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed

OF_A_SEAT = (
    "visit",
    "session",
)  # words of the facts that are other when somebody has a seat, or has it no more


@dataclass(frozen=True)
class Reasons:
    """What a person who books says about what stands against it."""

    over_cap: str = ""
    own_hours: str = ""
    pull_out: bool = False  # yes: it is pulled out of what is around it
    check: str = ""  # why it may be against a limit: who leads it, or how many are in it


@one_of_two()
@transaction.atomic
def book(
    *,
    actor: Actor,
    person: Person,
    session: Session,
    reasons: Reasons | None = None,
    makes_up_for: Booking | None = None,
    now: datetime | None = None,
) -> Booking:
    """Give the person a seat in one session. Conflicts are refused; own hours and the cap take a reason.

    `makes_up_for` is the seat in the session that was missed; whether it was is what `attendance` knows.
    """
    said = reasons or Reasons()
    session = (
        Session.objects.select_for_update(of=("self",)).select_related("site", "room").get(pk=session.pk)
    )
    _refuse_unbookable(session, person)
    how, touched = _ask_pull_out(person, session, said.pull_out)
    _ask_own_hours(person, session, said.own_hours)
    _ask_cap(session, said.over_cap)
    against = findings_of_seats([session], person).get(session, ())
    ask_limits(against, said.check or said.over_cap)
    with explained():
        booking = Booking.objects.create(
            session=session,
            person=person,
            during=session.during,
            pulled_out_of_id=touched[0].id if how is Fit.INSIDE else None,
            makes_up_for=makes_up_for,
            over_cap_reason=said.over_cap if _seats(session).full else "",
            own_hours_reason=said.own_hours,
            booked_at=now or timezone.now(),
            booked_by=actor.id,
        )
        if how is Fit.AROUND:
            Booking.objects.filter(pk__in=[each.id for each in touched]).update(pulled_out_of=booking)
    why = said.check or said.over_cap
    keep_limits(actor=actor, site=session.site, findings=against, reason=why, session=session)
    changed(booking.person_id, *OF_A_SEAT)
    seats_changed(actor, [booking.person_id], session.span.start)
    record(
        actor=actor,
        action="schedule.book",
        person=person,
        subject=booking,
        site=session.site,
        reason=said.over_cap or said.own_hours or said.check,
        **_told_of(makes_up_for),
    )
    return booking


def _ask_pull_out(person: Person, session: Session, agreed: bool) -> tuple[Fit, tuple[Held, ...]]:
    """How the session lies to what the person has at that time; refused where neither lies inside the other."""
    held = held_by([person.pk], session.span)[person.pk]
    how, touched = fit(session.span, as_held(held))
    if how is Fit.BLOCKED:
        raise Refused(reasons=[person_sentence(person, each, session.site.zone) for each in held])
    if how is not Fit.FREE and not agreed:
        raise NeedsReason(PULL_OUT, [_pull_out_sentence(person, each, session, how) for each in held])
    return how, touched


def _told_of(makes_up_for: Booking | None) -> dict[str, Any]:
    return {"makes_up_for": makes_up_for.public_id} if makes_up_for else {}


def _refuse_unbookable(session: Session, person: Person) -> None:
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session is canceled."))
    if session.bookings.standing().filter(person=person).exists():
        raise Refused(_("%(name)s is booked into this session already.") % {"name": person.called})


def _pull_out_sentence(person: Person, other: Booking, session: Session, how: Fit) -> str:
    words = {"name": person.called, "other": other.session.title, "this": session.title}
    if how is Fit.INSIDE:
        return (
            _(
                "This lies inside “%(other)s”, where %(name)s is expected. "
                "Pulled out for it, the minutes belong to this visit."
            )
            % words
        )
    return (
        _(
            "“%(other)s” lies inside this. %(name)s would be pulled out of “%(this)s” for it, "
            "and the minutes stay with it."
        )
        % words
    )


def _ask_own_hours(person: Person, session: Session, reason: str) -> None:
    zone = session.site.zone
    against = conflicts(own_hours_of(person), [session.span], zone)
    if against and not reason.strip():
        raise NeedsReason(OWN_HOURS, [own_hours_sentence(person, span, busy, zone) for span, busy in against])


def _seats(session: Session) -> Seats:
    room = session.room.seats if session.room and session.modality == "in_person" else None
    return Seats(session.cap, room, session.bookings.standing().count())


def _ask_cap(session: Session, reason: str) -> None:
    seats = _seats(session)
    if not seats.full or reason.strip():
        return
    words = {"title": session.title, "when": when(session.span, session.site.zone), "places": seats.places}
    sentence = (
        _("“%(title)s” on %(when)s is full: the room has %(places)d seats.")
        if limited_by_room(seats)
        else _("“%(title)s” on %(when)s is full: all %(places)d seats are taken.")
    )
    raise NeedsReason(OVER_CAP, [sentence % words])


@one_of_two()
@transaction.atomic
def book_visit(
    *,
    actor: Actor,
    person: Person,
    site: Site,
    service: ServiceKind,
    staff: StaffMember,
    place: Place,
    reasons: Reasons | None = None,
    now: datetime | None = None,
) -> Booking:
    """A session of their own with a clinician: individual therapy, a medication visit, an assessment."""
    if not service.can_be_booked:
        raise Refused(_("“%(service)s” is not something one can be booked into.") % {"service": service})
    session = add_session(
        actor=actor,
        site=site,
        service=service,
        place=place,
        leaders=(staff,),
        check_reason=reasons.check if reasons else "",
    )
    return book(actor=actor, person=person, session=session, reasons=reasons, now=now)


# -- giving a seat back ----------------------------------------------------------------------------------------


@one_of_two()
@transaction.atomic
def cancel_booking(
    *,
    actor: Actor,
    booking: Booking,
    reason: str = "",
    kind: Booking.Ended = Booking.Ended.PERSON,
    now: datetime | None = None,
) -> Booking:
    """The person will not come. A visit inside stands alone then; an own session has nobody left and goes too."""
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("session__site", "person")
        .get(pk=booking.pk)
    )
    if booking.status == Booking.Status.CANCELLED:
        raise Refused(_("This booking is canceled already."))
    booking.status = Booking.Status.CANCELLED
    booking.cancelled_at, booking.cancelled_by = now or timezone.now(), actor.id
    booking.cancel_kind, booking.cancel_reason = kind, reason
    booking.sequence += 1
    with explained():
        booking.pull_outs.standing().update(pulled_out_of=None)
        booking.save()
    changed(booking.person_id, *OF_A_SEAT)
    seats_changed(actor, [booking.person_id], booking.session.span.start)
    record(
        actor=actor,
        action="schedule.cancel_booking",
        person=booking.person,
        subject=booking,
        site=booking.session.site,
        reason=reason,
        why=str(kind),
    )
    return booking


@one_of_two()
@transaction.atomic
def restore_booking(*, actor: Actor, booking: Booking) -> Booking:
    """Undo a cancellation, while the seat and the time are still free."""
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("session__site", "session__room", "person")
        .get(pk=booking.pk)
    )
    if booking.status == Booking.Status.BOOKED:
        raise Refused(_("This is booked."))
    session = booking.session
    _refuse_unbookable(session, booking.person)
    _ask_cap(session, booking.over_cap_reason)
    held = held_by([booking.person_id], session.span)[booking.person_id]
    how, touched = fit(session.span, as_held(held))
    if how is Fit.BLOCKED:
        raise Refused(reasons=[person_sentence(booking.person, each, session.site.zone) for each in held])
    with explained():
        Booking.objects.filter(pk=booking.pk).update(
            status=Booking.Status.BOOKED,
            pulled_out_of=touched[0].id if how is Fit.INSIDE else None,
            cancelled_at=None,
            cancelled_by=None,
            cancel_kind="",
            cancel_reason="",
            sequence=F("sequence") + 1,
        )
        if how is Fit.AROUND:
            Booking.objects.filter(pk__in=[each.id for each in touched]).update(pulled_out_of=booking)
    booking.refresh_from_db()
    changed(booking.person_id, *OF_A_SEAT)
    seats_changed(actor, [booking.person_id], session.span.start)
    record(
        actor=actor,
        action="schedule.restore_booking",
        person=booking.person,
        subject=booking,
        site=session.site,
    )
    return booking
