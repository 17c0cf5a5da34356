"""Sessions, who leads them, who is expected, and who was there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from dayward.care.attendance.models import Absence, Interval, RollCall
from dayward.care.catalog.models import Closure
from dayward.care.schedule.models import Booking, Enrollment, Series, Session, SessionStaff
from dayward.demo.facts import History, Meeting, Missed, Presence, Seat
from dayward.demo.ledger import Ledger, span
from dayward.demo.rows.clinic import user_id
from dayward.demo.rows.treatment import segment_on
from dayward.demo.timetable import groups

AHEAD = timedelta(days=14)
CLOSING = timedelta(minutes=6)  # after the end, the roll is closed
SYSTEM = "demo"


def add_closures(ledger: Ledger, history: History) -> None:
    for (site, day), name in history.closures.items():
        made = datetime.combine(day - timedelta(days=60), time(15), tzinfo=UTC)
        ledger.add(Closure, f"{site}-{day}", site=site, day=day, reason="holiday", name=name, made_at=made,
                   made_by=SYSTEM)  # fmt: skip


def add_meeting(ledger: Ledger, meeting: Meeting, now: datetime) -> None:
    """A session with its leader; held once its roll is closed."""
    group = bool(meeting.group)
    cancelled = (
        {"status": "cancelled", "cancel_reason": meeting.cancelled, "cancelled_by": SYSTEM,
         "cancelled_at": meeting.starts - timedelta(days=60), "closure": f"{meeting.site}-{meeting.day}"}
        if meeting.cancelled else {"status": "held" if meeting.ends + CLOSING <= now else "planned"}
    )  # fmt: skip
    ledger.add(
        Session, meeting.key, site=meeting.site, series=meeting.group or None, group=meeting.group or None,
        series_day=meeting.day if group else None, service=meeting.service, title=meeting.title,
        topic=meeting.topic, during=span(meeting.starts, meeting.ends), room=meeting.room,
        cap=_caps()[meeting.group] if group else 1, changed_at=meeting.starts - timedelta(days=60),
        changed_by=user_id(meeting.booked_by) if meeting.booked_by else SYSTEM, **cancelled,
    )  # fmt: skip
    ledger.add(SessionStaff, meeting.key, session=meeting.key, staff=meeting.staff,
               during=span(meeting.starts, meeting.ends),
               status="cancelled" if meeting.cancelled else "leads")  # fmt: skip
    if not meeting.cancelled and meeting.starts <= now:
        _roll(ledger, meeting, now)


_CAPS: dict[str, int] = {}


def _caps() -> dict[str, int]:
    if not _CAPS:
        _CAPS.update({group.key: group.track.cap for group in groups()})
    return _CAPS


def _roll(ledger: Ledger, meeting: Meeting, now: datetime) -> None:
    closed = meeting.ends + CLOSING
    done = {"closed_at": closed, "closed_by": meeting.staff} if closed <= now else {}
    ledger.add(
        RollCall, meeting.key, session=meeting.key, opened_at=meeting.starts, opened_by=meeting.staff, **done
    )


def add_seat(ledger: Ledger, seat: Seat, day: date) -> None:
    """A booking; those of a cohort come from the enrollment."""
    meeting, course = seat.meeting, seat.course
    enrollment = f"{segment_on(course, day)}-{meeting.group}" if meeting.group else None
    number = len(course.moves)
    while enrollment and enrollment not in ledger.rows(Enrollment):  # the step down is still to be decided
        enrollment, number = f"{course.key}-{number}-{meeting.group}", number - 1
    ledger.add(
        Booking, seat.key, session=meeting.key, person=course.key, enrollment=enrollment,
        during=span(meeting.starts, meeting.ends), pulled_out_of=seat.out_of or None,
        booked_at=max(course.admitted_at, meeting.starts - AHEAD), booked_by=user_id(course.admitted_by),
    )  # fmt: skip


def add_presence(ledger: Ledger, presence: Presence, now: datetime) -> None:
    seat, meeting = presence.seat, presence.seat.meeting
    if presence.came_in > now:
        return
    early = presence.went_out < meeting.ends
    written = presence.went_out if early else meeting.ends + CLOSING
    out: dict[str, object] = {}
    if written <= now:
        out = {"went_out": presence.went_out, "out_at": written, "out_by": meeting.staff,
               "left_early_reason": "Felt unwell" if early else ""}  # fmt: skip
    ledger.add(
        Interval, seat.key, booking=seat.key, session=meeting.key, person=seat.course.key,
        came_in=presence.came_in, modality="in_person", source="roll", recorded_at=presence.came_in,
        recorded_by=meeting.staff, **out,
    )  # fmt: skip


def add_missed(ledger: Ledger, missed: Missed, now: datetime) -> None:
    if missed.at > now:
        return
    ledger.add(Absence, missed.seat.key, booking=missed.seat.key, kind=missed.kind, reason=missed.reason,
               recorded_at=missed.at, recorded_by=missed.seat.meeting.staff)  # fmt: skip


def set_horizon(ledger: Ledger, until: date) -> None:
    """Say up to which day the series have made their sessions."""
    for key in ledger.rows(Series):
        ledger.change(Series, key, made_until=until)
