"""The roll of a session, and how far rolls are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from dayward.care.attendance.models import Absence, Interval, RollCall
from dayward.care.attendance.registries import NotesProgress, notes_of_sessions
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.times import clock_range
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import read

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
    def closed(self) -> bool:
        return self.call is not None and self.call.closed_at is not None

    @property
    def over(self) -> bool:
        return self.now >= self.session.span.end


def roll_of(session: Session, *, now: datetime | None = None) -> Roll:
    """Everybody expected, with what is written down; five queries, whatever the size."""
    standing = Interval.objects.standing().select_related("recorded_by", "replaces").order_by("came_in")
    absences = Absence.objects.filter(withdrawn_at__isnull=True).select_related("recorded_by")
    inner = Booking.objects.standing().select_related("session")
    bookings = (
        Booking.objects.standing()
        .filter(session=session)
        .select_related("person", "session")
        .prefetch_related(
            Prefetch("intervals", standing, to_attr="there"),
            Prefetch("absences", absences, to_attr="away"),
            Prefetch("pull_outs", inner, to_attr="inner"),
        )
    )
    call = RollCall.objects.filter(session=session).select_related("opened_by", "closed_by").first()
    rows = sorted(
        (_row(booking, session) for booking in bookings), key=lambda row: row.person.called.casefold()
    )
    return Roll(session, call, tuple(rows), now or timezone.now())


def _row(booking: Booking, session: Session) -> Row:
    there: list[Interval] = getattr(booking, "there")  # noqa: B009 - prefetched
    away: list[Absence] = getattr(booking, "away")  # noqa: B009
    inner: list[Booking] = getattr(booking, "inner")  # noqa: B009
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
    expected: int
    recorded: int
    closed: bool
    notes: NotesProgress | None = None


def rolls_of(sessions: Iterable[Session]) -> list[RollState]:
    """How far the rolls of these sessions (`with_taken`) and their notes are; two queries."""
    rows = list(sessions)
    ids = [row.pk for row in rows]
    recorded: dict[int, set[int]] = defaultdict(set)
    there = Interval.objects.standing().filter(session__in=ids)
    away = Absence.objects.filter(booking__session__in=ids, withdrawn_at__isnull=True)
    calls = RollCall.objects.filter(session__in=ids, closed_at__isnull=False)
    came, missed, closed = read(
        [
            there.values_list("session_id", "booking_id"),
            away.values_list("booking__session_id", "booking_id"),
            calls.values_list("session_id", flat=True),
        ]
    )
    for session, booking in [*came, *missed]:
        recorded[session].add(booking)
    notes = notes_of_sessions(ids)
    return [
        RollState(row, row.taken, len(recorded[row.pk]), row.pk in closed, notes.get(row.pk)) for row in rows
    ]
