from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.delivered import take_back_from_journey, tell_journey
from dayward.care.attendance.facts import OF_THE_ROLL
from dayward.care.attendance.models import Absence, Interval, RollCall
from dayward.care.attendance.services.weeks import refresh_weeks
from dayward.care.schedule.models import Booking, Session
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed, together
from dayward.kernel.time import local_day

NEEDED = ("session__site", "session__service", "person")  # of a booking
EARLIEST = timedelta(minutes=30)  # before the start, a roll is opened at most this early


def _author(actor: Actor) -> StaffMember:
    if actor.staff is None:
        raise Refused(_("Attendance is written down by a member of staff."))
    return actor.staff


def _recount(actor: Actor, session: Session, people: Collection[int]) -> None:
    """What their weeks come to now, in the same transaction."""
    if people:
        refresh_weeks(actor=actor, people=people, since=local_day(session.span.start, session.site.zone))


def _end(actor: Actor, action: str, booking: Booking, subject: Model, **more: Any) -> None:
    """How every act on one row ends: the person's weeks counted anew, and the entry in the trail."""
    _recount(actor, booking.session, [booking.person_id])
    site = booking.session.site
    record(actor=actor, action=action, person=booking.person, subject=subject, site=site, **more)


def _locked(booking: Booking) -> Booking:
    """The booking for us alone, so that two tablets do not write two rows."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related(*NEEDED)
    found = rows.get(pk=booking.pk)
    if found.status != Booking.Status.BOOKED:
        raise Refused(_("%(name)s is not booked into this session.") % {"name": found.person.called})
    return found


def _open_roll(session: Session, author: StaffMember, now: datetime) -> RollCall:
    """The session's roll, opened by the first who writes; a closed one takes corrections only."""
    if session.status == Session.Status.CANCELLED:
        raise Refused(_("This session is canceled."))
    if now < session.span.start - EARLIEST:
        raise Refused(_("The roll opens half an hour before the session."))
    roll, _made = RollCall.objects.get_or_create(
        session=session, defaults={"opened_by": author, "opened_at": now}
    )
    if roll.closed_at:
        raise Refused(_("The roll is closed. Correct the row, with a reason."))
    return roll


def standing_intervals(booking: Booking) -> list[Interval]:
    """What counts of a booking: rows that no correction replaced."""
    return list(booking.intervals.standing().order_by("came_in"))


def _standing_absence(booking: Booking) -> Absence | None:
    return booking.absences.filter(withdrawn_at__isnull=True).first()


def _refuse_recorded(booking: Booking) -> None:
    if standing_intervals(booking) or _standing_absence(booking):
        words = {"name": booking.person.called}
        raise Refused(_("%(name)s is on the roll already. Undo the row to change it.") % words)


# -- the roll --------------------------------------------------------------------------------------------------


@transaction.atomic
@together()
def mark_present(
    *, actor: Actor, booking: Booking, came_in: datetime | None = None, now: datetime | None = None
) -> Interval:
    """There from the start, or from `came_in`. The out time stays open until the end."""
    author, at = _author(actor), now or timezone.now()
    booking = _locked(booking)
    _open_roll(booking.session, author, at)
    _refuse_recorded(booking)
    row = _interval(booking, author, at, came_in or booking.session.span.start)
    _end(actor, "attendance.mark_present", booking, row)
    return row


def _interval(booking: Booking, author: StaffMember, at: datetime, came_in: datetime) -> Interval:
    session = booking.session
    if not session.span.start <= came_in < session.span.end:
        raise Refused(_("The time lies within the session."))
    row = Interval.objects.create(
        booking=booking,
        session=session,
        person_id=booking.person_id,
        came_in=came_in,
        modality=session.modality,
        source=Interval.Source.ROLL_CALL,
        recorded_at=at,
        recorded_by=author,
    )
    tell_journey(booking, author, at)
    changed(booking.person_id, *OF_THE_ROLL)
    return row


@transaction.atomic
def mark_left(
    *, actor: Actor, booking: Booking, went_out: datetime, reason: str = "", now: datetime | None = None
) -> Interval:
    """Left before the end; the row that stands is closed."""
    author, at = _author(actor), now or timezone.now()
    booking = _locked(booking)
    _open_roll(booking.session, author, at)
    row = booking.intervals.standing().filter(went_out__isnull=True).first()
    if row is None:
        raise Refused(_("%(name)s is not marked as there.") % {"name": booking.person.called})
    if not row.came_in <= went_out <= booking.session.span.end:
        raise Refused(_("The time lies between coming and the end of the session."))
    if went_out > at:
        raise Refused(_("Nobody has left at a time that is still to come."))
    _close(row, went_out, author, at, reason)
    _end(actor, "attendance.mark_left", booking, row)
    return row


def _close(row: Interval, went_out: datetime, author: StaffMember, at: datetime, reason: str = "") -> None:
    row.went_out, row.out_at, row.out_by, row.left_early_reason = went_out, at, author, reason
    row.save(update_fields=["went_out", "out_at", "out_by", "left_early_reason"])


@transaction.atomic
def mark_absent(
    *, actor: Actor, booking: Booking, kind: str, reason: str = "", now: datetime | None = None
) -> Absence:
    """Expected and not there. Excused says why."""
    author, at = _author(actor), now or timezone.now()
    booking = _locked(booking)
    _open_roll(booking.session, author, at)
    _refuse_recorded(booking)
    row = _absence(booking, author, at, kind, reason)
    _end(actor, "attendance.mark_absent", booking, row, why=kind)
    return row


def _absence(booking: Booking, author: StaffMember, at: datetime, kind: str, reason: str) -> Absence:
    if kind not in Absence.Kind.values:
        raise Refused(_("Say whether the absence is excused."))
    if kind == Absence.Kind.EXCUSED and not reason.strip():
        raise Refused(_("An excused absence has a reason."))
    row = Absence.objects.create(
        booking=booking, kind=kind, reason=reason.strip(), recorded_at=at, recorded_by=author
    )
    changed(booking.person_id, *OF_THE_ROLL)
    return row


@transaction.atomic
@together()
def mark_all_present(*, actor: Actor, session: Session, now: datetime | None = None) -> list[Interval]:
    """One named act: everybody nobody has touched is there from the start. Touched rows stay as they are."""
    author, at = _author(actor), now or timezone.now()
    roll = _open_roll(session, author, at)
    bookings = (
        Booking.objects.select_for_update(of=("self",))
        .standing()
        .filter(session=session)
        .select_related(*NEEDED)
        .order_by("pk")
    )
    touched = touched_bookings(session)
    rows = [
        _interval(booking, author, at, session.span.start)
        for booking in bookings
        if booking.pk not in touched
    ]
    _recount(actor, session, {row.person_id for row in rows})
    record(
        actor=actor, action="attendance.mark_all_present", subject=roll, site=session.site, count=len(rows)
    )
    return rows


def touched_bookings(session: Session) -> set[int]:
    """Bookings with a row on the roll."""
    there = Interval.objects.standing().filter(session=session).values_list("booking_id", flat=True)
    away = Absence.objects.filter(booking__session=session, withdrawn_at__isnull=True)
    return {*there, *away.values_list("booking_id", flat=True)}


@transaction.atomic
@together()
def undo(*, actor: Actor, booking: Booking, now: datetime | None = None) -> None:
    """Take the row back while the roll is open; what was written stays in the record as taken back."""
    author, at = _author(actor), now or timezone.now()
    booking = _locked(booking)
    _open_roll(booking.session, author, at)
    _void_all(booking, author, at, _("Taken back at roll call"))
    take_back_from_journey(booking, author, at)
    _end(actor, "attendance.undo", booking, booking)


def _void_all(booking: Booking, author: StaffMember, at: datetime, reason: str) -> None:
    for row in standing_intervals(booking):
        _replace(row, author, at, reason, voided=True)
    _withdraw_absence(booking, author, at)
    changed(booking.person_id, *OF_THE_ROLL)


def _withdraw_absence(booking: Booking, author: StaffMember, at: datetime) -> bool:
    """Whether one stood."""
    standing = Absence.objects.filter(booking=booking, withdrawn_at__isnull=True)
    return bool(standing.update(withdrawn_at=at, withdrawn_by=author))


def _replace(
    row: Interval,
    author: StaffMember,
    at: datetime,
    reason: str,
    *,
    voided: bool = False,
    times: tuple[datetime, datetime] | None = None,
) -> Interval:
    came_in, went_out = times or (row.came_in, row.went_out)
    return Interval.objects.create(
        booking_id=row.booking_id,
        session_id=row.session_id,
        person_id=row.person_id,
        came_in=came_in,
        went_out=went_out,
        out_at=at if went_out else None,
        out_by=author if went_out else None,
        modality=row.modality,
        location=row.location,
        source=Interval.Source.CORRECTION,
        recorded_at=at,
        recorded_by=author,
        replaces=row,
        reason=reason,
        voided=voided,
    )


@transaction.atomic
@together()
def undo_all_present(*, actor: Actor, session: Session, at: datetime, now: datetime | None = None) -> int:
    """Take back what one “all present” of this author wrote at `at`; rows touched since stay."""
    author, instant = _author(actor), now or timezone.now()
    roll = _open_roll(session, author, instant)
    rows = Interval.objects.standing().filter(
        session=session,
        recorded_at=at,
        recorded_by=author,
        source=Interval.Source.ROLL_CALL,
        went_out__isnull=True,
    )
    undone = [_replace(row, author, instant, _("Taken back at roll call"), voided=True) for row in rows]
    count = len(undone)
    for row in undone:
        changed(row.person_id, *OF_THE_ROLL)
        take_back_from_journey(row.booking, author, instant)
    _recount(actor, session, {row.person_id for row in undone})
    record(actor=actor, action="attendance.undo_all_present", subject=roll, site=session.site, count=count)
    return count


@transaction.atomic
def close_roll(*, actor: Actor, session: Session, now: datetime | None = None) -> RollCall:
    """The session is over: open out times become its end. Untouched rows stay untouched, listed and not counted."""
    author, at = _author(actor), now or timezone.now()
    session = Session.objects.select_for_update(of=("self",)).select_related("site").get(pk=session.pk)
    if at < session.span.end:
        raise Refused(_("The session is not over yet. Those who leave early can be marked one by one."))
    roll = _open_roll(session, author, at)
    for row in Interval.objects.standing().filter(session=session, went_out__isnull=True):
        _close(row, session.span.end, author, at)
        if row.recorded_at < session.span.start:  # nothing was delivered yet when it was written
            tell_journey(row.booking, author, at)
    roll.closed_at, roll.closed_by = at, author
    roll.save(update_fields=["closed_at", "closed_by"])
    Session.objects.filter(pk=session.pk).update(status=Session.Status.HELD)
    _recount(actor, session, set(session.bookings.standing().values_list("person_id", flat=True)))
    untouched = session.bookings.standing().exclude(pk__in=touched_bookings(session)).count()
    record(actor=actor, action="attendance.close_roll", subject=roll, site=session.site, untouched=untouched)
    return roll


@transaction.atomic
def reopen_roll(*, actor: Actor, session: Session) -> RollCall:
    """Undo the closing; times that were written stay."""
    roll = RollCall.objects.select_for_update(of=("self",)).get(session=session)
    roll.closed_at, roll.closed_by = None, None
    roll.save(update_fields=["closed_at", "closed_by"])
    Session.objects.filter(pk=session.pk).update(status=Session.Status.PLANNED)
    record(actor=actor, action="attendance.reopen_roll", subject=roll, site=session.site)
    return roll


# -- corrections -----------------------------------------------------------------------------------------------


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("A correction says why."))


@transaction.atomic
@together()
def correct_times(
    *,
    actor: Actor,
    booking: Booking,
    came_in: datetime,
    went_out: datetime,
    reason: str,
    now: datetime | None = None,
) -> Interval:
    """Was there from `came_in` to `went_out`: a new row; the old one stays in the record."""
    author, at = _author(actor), now or timezone.now()
    _refuse_no_reason(reason)
    booking = _locked(booking)
    session = booking.session
    if not session.span.start <= came_in < went_out <= session.span.end:
        raise Refused(_("The times lie within the session, and coming is before leaving."))
    if went_out > at:
        raise Refused(_("Nobody has left at a time that is still to come."))
    rows = standing_intervals(booking)
    withdrawn = _withdraw_absence(booking, author, at)
    for row in rows[1:]:
        _replace(row, author, at, reason, voided=True)
    if rows:
        corrected = _replace(rows[0], author, at, reason, times=(came_in, went_out))
    else:
        corrected = _written_later(booking, author, at, reason, (came_in, went_out))
    tell_journey(booking, author, at)
    if withdrawn or not rows:  # other times of a service that was told of are no other facts
        changed(booking.person_id, *OF_THE_ROLL)
    _end(actor, "attendance.correct_times", booking, corrected, reason=reason)
    return corrected


def _written_later(
    booking: Booking, author: StaffMember, at: datetime, reason: str, times: tuple[datetime, datetime]
) -> Interval:
    return Interval.objects.create(
        booking=booking,
        session=booking.session,
        person_id=booking.person_id,
        came_in=times[0],
        went_out=times[1],
        out_at=at,
        out_by=author,
        modality=booking.session.modality,
        source=Interval.Source.CORRECTION,
        recorded_at=at,
        recorded_by=author,
        reason=reason,
    )


@transaction.atomic
@together()
def correct_absent(
    *, actor: Actor, booking: Booking, kind: str, reason: str, now: datetime | None = None
) -> Absence:
    """Was not there after all."""
    author, at = _author(actor), now or timezone.now()
    _refuse_no_reason(reason)
    booking = _locked(booking)
    _void_all(booking, author, at, reason)
    take_back_from_journey(booking, author, at)
    row = _absence(booking, author, at, kind, reason)
    _end(actor, "attendance.correct_absent", booking, row, reason=reason)
    return row
