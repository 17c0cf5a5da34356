"""The roll of a session, and how far rolls are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dayward.care.attendance.models import Absence, Interval, RollCall, Whereabouts
from dayward.care.attendance.queries.places import Suggested, last_places
from dayward.care.attendance.registries import NotesProgress, read_notes_of_sessions
from dayward.care.schedule.models import Booking, Modality, Session
from dayward.care.schedule.times import clock_range
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both, read

LATE_AFTER = timedelta(minutes=5)  # only what the roll calls late; every minute is counted as it was


def attended_sessions(session_ids: Collection[int]) -> set[int]:
    """Which of these sessions somebody was at: they never move."""
    return set(
        Interval.objects.standing().filter(session__in=session_ids).values_list("session_id", flat=True)
    )


# -- the roll --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One person expected in a session."""

    booking: Booking
    person: Person
    intervals: tuple[Interval, ...]
    absence: Absence | None
    pulled_out: tuple[str, ...]  # visits that take minutes from this session
    corrected: bool
    place: Whereabouts | None = None  # where the person is, in a session by video
    last: Suggested | None = None  # where they were last time, to ask about

    @property
    def elsewhere(self) -> bool:
        """In another state than the clinic: a license may not reach there."""
        return self.place is not None and self.place.state != self.booking.session.site.state

    @property
    def state(self) -> str:
        """untouched, present, late, left, absent"""
        if self.absence is not None:
            return "absent"
        if not self.intervals:
            return "untouched"
        span = self.booking.session.span
        last = self.intervals[-1]
        if last.went_out is not None and last.went_out < span.end:
            return "left"
        return "late" if self.intervals[0].came_in > span.start + LATE_AFTER else "present"


@dataclass(frozen=True)
class Roll:
    session: Session
    call: RollCall | None
    rows: tuple[Row, ...]
    now: datetime

    @property
    def untouched(self) -> int:
        return sum(row.state == "untouched" for row in self.rows)

    @property
    def there(self) -> int:
        return sum(row.state in ("present", "late", "left") for row in self.rows)

    @property
    def absent(self) -> int:
        return sum(row.state == "absent" for row in self.rows)

    @property
    def unplaced(self) -> int:
        """Those in a session by video of whom nobody knows where they are."""
        if self.session.modality != Modality.TELEHEALTH:
            return 0
        return sum(row.place is None and row.state != "absent" for row in self.rows)

    @property
    def closed(self) -> bool:
        return self.call is not None and self.call.closed_at is not None

    @property
    def over(self) -> bool:
        return self.now >= self.session.span.end


def roll_of(session: Session, *, now: datetime | None = None) -> Roll:
    """Everybody expected, with what is written down; one query, whatever the size."""
    bookings, there, away, inner, calls, places = read(_of_roll(session))
    told = {place.booking_id: place for place in places}  # the newest counts
    by_video = session.modality == Modality.TELEHEALTH
    before = last_places([each.person_id for each in bookings]) if by_video else {}
    intervals, absences, visits = (
        _by(there, "booking_id"),
        _by(away, "booking_id"),
        _by(inner, "pulled_out_of_id"),
    )
    rows = [
        replace(
            _row(each, session, intervals[each.pk], absences[each.pk], visits[each.pk]),
            place=told.get(each.pk),
            last=before.get(each.person_id),
        )
        for each in bookings
    ]
    rows.sort(key=lambda row: row.person.called.casefold())
    return Roll(session, calls[0] if calls else None, tuple(rows), now or timezone.now())


def _of_roll(session: Session) -> list[QuerySet[Any, Any]]:
    """Bookings, intervals, absences, visits that take minutes of them, the roll call, and where people are."""
    standing = Booking.objects.standing()
    there = Interval.objects.standing().filter(booking__session=session)
    away = Absence.objects.filter(booking__session=session, withdrawn_at__isnull=True)
    calls = RollCall.objects.filter(session=session).select_related("opened_by", "closed_by")
    return [
        standing.filter(session=session).select_related("person", "session__site", "makes_up_for__session"),
        there.select_related("recorded_by", "replaces").order_by("came_in"),
        away.select_related("recorded_by"),
        standing.filter(pulled_out_of__session=session).select_related("session"),
        calls.order_by("pk")[:1],
        Whereabouts.objects.filter(booking__session=session).order_by("pk"),
    ]


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _row(
    booking: Booking,
    session: Session,
    there: list[Interval],
    away: list[Absence],
    inner: list[Booking],
) -> Row:
    zone = session.site.zone
    return Row(
        booking=booking,
        person=booking.person,
        intervals=tuple(there),
        absence=away[0] if away else None,
        pulled_out=tuple(f"{each.session.title}, {clock_range(each.session.span, zone)}" for each in inner),
        corrected=any(each.source == Interval.Source.CORRECTION for each in there),
    )


@dataclass(frozen=True)
class RollState:
    """A session of the day with the state of its roll."""

    session: Session
    now: datetime
    expected: int
    recorded: int
    closed: bool
    notes: NotesProgress | None = None

    @property
    def running(self) -> bool:
        return self.takes_place and self.session.span.start <= self.now < self.session.span.end

    @property
    def ahead(self) -> bool:
        return self.takes_place and self.now < self.session.span.start

    @property
    def takes_place(self) -> bool:
        return self.session.status != Session.Status.CANCELLED


def rolls_of(sessions: Iterable[Session]) -> list[RollState]:
    """How far the rolls of these sessions (`with_taken`) and their notes are; one statement."""
    return alone(read_rolls(list(sessions)))


def read_rolls(rows: Sequence[Session]) -> Reading[list[RollState]]:
    """The same for a page that reads more beside it."""
    ids = [row.pk for row in rows]
    recorded: dict[int, set[int]] = defaultdict(set)
    there = Interval.objects.standing().filter(session__in=ids)
    away = Absence.objects.filter(booking__session__in=ids, withdrawn_at__isnull=True)
    calls = RollCall.objects.filter(session__in=ids, closed_at__isnull=False)
    ((came, missed), closed), notes = yield from both(
        both(
            both(
                all_of(there.values_list("session_id", "booking_id")),
                all_of(away.values_list("booking__session_id", "booking_id")),
            ),
            all_of(calls.values_list("session_id", flat=True)),
        ),
        read_notes_of_sessions(ids),
    )
    for session, booking in [*came, *missed]:
        recorded[session].add(booking)
    now = timezone.now()
    return [
        RollState(row, now, row.taken, len(recorded[row.pk]), row.pk in closed, notes.get(row.pk))
        for row in rows
    ]


def next_of(rolls: Iterable[RollState]) -> RollState | None:
    """The session that begins next, out of those of a day."""
    return min((each for each in rolls if each.ahead), key=lambda each: each.session.span.start, default=None)
