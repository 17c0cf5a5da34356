"""From rows to counted weeks, for any number of people in one statement. The rules decide; nothing is counted here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from dayward.care.attendance.models import Absence, Interval
from dayward.care.attendance.queries.context import Context, WeekFrame, read_context
from dayward.care.attendance.registries import floors_of, settings_of
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Held, Presence
from dayward.care.attendance.rules.person_week import Given, PersonWeek, count_person_week
from dayward.care.attendance.rules.settings import Settings
from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.times import read_breaks
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, both
from dayward.kernel.spans import Span

NOTICE = timedelta(hours=24)  # who cancels earlier does not miss a session (requirements 4.4, show rate)
UTC = ZoneInfo("UTC")
Status, Ended = Booking.Status, Booking.Ended


@dataclass(frozen=True, slots=True)
class Seat:
    """A booking as the count reads it. `there`: when the person came and left; no out time while it is open."""

    booking: int
    session: int
    span: Span
    breaks: tuple[Span, ...]
    counts: bool
    status: str
    ended: str
    cancelled_at: datetime | None
    there: tuple[tuple[datetime, datetime | None], ...]
    away: str
    makes_up: bool = False  # for a session that was missed

    @property
    def stands(self) -> bool:
        return self.status == Status.BOOKED

    @property
    def called_off(self) -> bool:
        return not self.stands and self.ended == Ended.PROGRAM

    @property
    def in_time(self) -> bool:
        """Cancelled by the person, early enough."""
        if self.stands or self.ended != Ended.PERSON or self.cancelled_at is None:
            return False
        return self.cancelled_at <= self.span.start - NOTICE

    @property
    def held(self) -> Held:
        return Held(self.session, self.span, self.breaks, self.counts, self.called_off)


@dataclass(frozen=True)
class Material:
    """Everything the weeks of some people are counted from."""

    context: Context
    seats: Mapping[int, Sequence[Seat]]  # by person

    def given(self, frames: Sequence[WeekFrame], now: datetime | None = None) -> list[Given]:
        """Ready for the rules. Without `now` an open interval counts to the end of its session, as in stored facts."""
        asked = [frame.asking for frame in frames]
        settings, floors = settings_of(asked), floors_of(asked)
        return [
            given_of(frame, self.of(frame), settings[place], floors[place], now)
            for place, frame in enumerate(frames)
        ]

    def of(self, frame: WeekFrame) -> list[Seat]:
        """The seats of a person's week, as the schedule has them now."""
        week = days_span(frame.start, frame.start + timedelta(days=6), frame.zone)
        seats = self.seats.get(frame.person, ())
        return [seat for seat in seats if week.start <= seat.span.start < week.end]

    def counted(self, frames: Sequence[WeekFrame], now: datetime | None = None) -> list[PersonWeek]:
        return [count_person_week(each) for each in self.given(frames, now)]


def given_of(
    frame: WeekFrame,
    seats: Iterable[Seat],
    settings: Settings,
    floors: tuple[Floor, ...],
    now: datetime | None,
) -> Given:
    rows = [seat for seat in seats if seat.stands or seat.called_off]
    terms = frame.terms
    return Given(
        start=frame.start,
        zone=frame.zone,
        sessions=tuple(seat.held for seat in rows),
        presences=tuple(presences_of(rows, now)),
        prescribed=frame.segment.prescribed_minutes,
        settings=settings,
        floors=floors,
        unit_rule=terms.unit_rule if terms else "",
        assumed=tuple(_assumed(rows, now)) if now else (),
        reasons=frame.reasons,
        began=frame.began,
        ended=frame.ended,
        holidays=frame.holidays,
        largest_gap_days=terms.largest_gap_days if terms else None,
    )


def presences_of(seats: Iterable[Seat], now: datetime | None) -> Iterator[Presence]:
    for seat in seats:
        until = min(now, seat.span.end) if now else seat.span.end
        for came, went in seat.there if seat.stands else ():
            if (went or until) > came:
                yield Presence(seat.session, Span(came, went or until))


def _assumed(seats: Iterable[Seat], now: datetime) -> Iterator[Presence]:
    """What is booked and not over: nobody has said that the person will not be there to the end."""
    for seat in seats:
        if not seat.stands or seat.away or seat.span.end <= now:
            continue
        if not seat.there:
            yield Presence(seat.session, seat.span)
        elif seat.there[-1][1] is None:
            yield Presence(seat.session, Span(seat.there[-1][0], seat.span.end))


def read_material(whose: Mapping[int, int], since: date, until: date) -> Reading[Material]:
    """`whose` as of `whose_rows`; the weeks that hold a day of `since`..`until`. One statement."""
    context, seats = yield from both(read_context(whose, since, until), _read_seats(whose, since, until))
    return Material(context, seats)


def _read_seats(whose: Mapping[int, int], since: date, until: date) -> Reading[Mapping[int, Sequence[Seat]]]:
    bookings = _bookings(list(whose), since, until)
    theirs = bookings.order_by().values("pk")
    there = Interval.objects.standing().filter(booking__in=theirs).order_by("came_in", "pk")
    away = Absence.objects.filter(booking__in=theirs, withdrawn_at=None)
    rows, intervals, absences = yield [
        bookings.values_list(*COLUMNS, named=True),
        there.values_list("booking_id", "came_in", "went_out"),
        away.values_list("booking_id", "kind"),
    ]
    spent: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for booking, came, went in intervals:
        spent[booking].append((came, went))
    kinds = dict(absences)
    found: dict[int, list[Seat]] = defaultdict(list)
    for row in rows:
        found[whose[row.person_id]].append(_seat(row, spent.get(row.pk, ()), kinds.get(row.pk, "")))
    return found


COLUMNS = (
    "pk",
    "person_id",
    "session_id",
    "status",
    "cancel_kind",
    "cancelled_at",
    "makes_up_for_id",
    "session__during",
    "session__breaks",
    "counting",
)


def _bookings(ids: Collection[int], since: date, until: date) -> QuerySet[Any]:
    week = timedelta(days=8)  # a week around, and a day for the zone
    span = days_span(since - week, until + week, UTC)
    told = Q(status=Status.BOOKED) | Q(cancel_kind__in=[Ended.PROGRAM, Ended.PERSON])
    rows = Booking.objects.filter(told, person_id__in=ids)
    rows = rows.filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
    return rows.annotate(counting=F("session__service__counting")).order_by("during", "pk")


def _seat(row: Any, there: Sequence[tuple[datetime, datetime | None]], away: str) -> Seat:
    return Seat(
        row.pk,
        row.session_id,
        Span(row.session__during.lower, row.session__during.upper),
        read_breaks(row.session__breaks),
        row.counting == ServiceKind.Counts.YES,
        row.status,
        row.cancel_kind,
        row.cancelled_at,
        tuple(there),
        away,
        row.makes_up_for_id is not None,
    )


def read_weeks(
    person: Person, since: date, until: date, *, now: datetime | None = None
) -> Reading[list[PersonWeek]]:
    """Every week with a session that holds a day of `since`..`until`, as the program counts it. One statement."""
    material = yield from read_material(dict.fromkeys(person.all_ids, person.pk), since, until)
    frames = [each for each in material.context.frames(person.pk, since, until) if material.of(each)]
    return material.counted(frames, now)
