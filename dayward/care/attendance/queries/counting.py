"""From rows to counted weeks, for any number of people in one statement. The rules decide; nothing is counted here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from dayward.care.attendance.models import Absence, Interval
from dayward.care.attendance.queries.context import Context, WeekFrame, read_context
from dayward.care.attendance.registries import Known, floors_of, read_floors, settings_of
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Held, Presence, there_until
from dayward.care.attendance.rules.makeups import MOST_CARRY, Carry, within
from dayward.care.attendance.rules.person_week import Given, PersonWeek, count_person_week
from dayward.care.attendance.rules.settings import Settings
from dayward.care.catalog.models import ServiceKind
from dayward.care.catalog.rules.counting import word_on
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import days_span
from dayward.care.schedule.times import read_breaks
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day

NOTICE = timedelta(hours=24)  # who cancels earlier does not miss a session (requirements 4.4, show rate)
UTC = ZoneInfo("UTC")
DAY, NONE = timedelta(days=1), timedelta()
AFTER = timedelta(days=6)  # a week that others cut in their own way ends at most so much later
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
    missed: datetime | None = None  # when the session began that it makes up for
    kind: int = 0  # of service

    @property
    def stands(self) -> bool:
        return self.status == Status.BOOKED

    @property
    def makes_up(self) -> bool:
        return self.missed is not None

    @property
    def called_off(self) -> bool:
        return not self.stands and self.ended == Ended.PROGRAM

    @property
    def in_time(self) -> bool:
        """Canceled by the person, early enough."""
        if self.stands or self.ended != Ended.PERSON or self.cancelled_at is None:
            return False
        return self.cancelled_at <= self.span.start - NOTICE

    def is_unconfirmed(self, now: datetime) -> bool:
        """It is over, and nobody said whether the person was there."""
        return self.stands and self.span.end <= now and not self.there and not self.away

    @property
    def held(self) -> Held:
        return Held(self.session, self.span, self.breaks, self.counts, self.called_off, self.kind)


@dataclass(frozen=True)
class Material:
    """Everything the weeks of some people are counted from."""

    context: Context
    seats: Mapping[int, Sequence[Seat]]  # by person
    known: Known  # what those who ask for floors have read

    def given(self, frames: Sequence[WeekFrame], now: datetime | None = None) -> list[Given]:
        """Ready for the rules. Without `now` an open interval counts to the end of its session, as in stored facts."""
        moves = _Moves(self, {frame.person for frame in frames})
        resolved = _Resolved([*frames, *moves.frames], self.known)
        carries = moves.carries(resolved, now)
        found = []
        for frame in frames:
            settings, floors = resolved.of(frame)
            seats = self.of(frame, after=AFTER if any(each.week for each in floors) else NONE)
            given = given_of(frame, seats, settings, floors, now)
            came, then = carries.get(frame.person, ((), ()))
            found.append(replace(given, carries=came, carries_then=then) if came or then else given)
        return found

    def of(self, frame: WeekFrame, *, after: timedelta = NONE) -> list[Seat]:
        """The seats of a person's week (and some days after), as the schedule has them now."""
        week = days_span(frame.start, frame.end - DAY + after, frame.zone)
        seats = self.seats.get(frame.person, ())
        return [seat for seat in seats if week.start <= seat.span.start < week.end]

    def counted(self, frames: Sequence[WeekFrame], now: datetime | None = None) -> list[PersonWeek]:
        return [count_person_week(each) for each in self.given(frames, now)]


class _Resolved:
    """Settings and floors of weeks, asked for once."""

    def __init__(self, frames: Iterable[WeekFrame], known: Known) -> None:
        self._keys = list(dict.fromkeys((frame.person, frame.start) for frame in frames))
        by_key = {(frame.person, frame.start): frame for frame in frames}
        asked = [by_key[key].asking for key in self._keys]
        self._found = dict(
            zip(self._keys, zip(settings_of(asked), floors_of(asked, known), strict=True), strict=True)
        )

    def of(self, frame: WeekFrame) -> tuple[Settings, tuple[Floor, ...]]:
        return self._found[frame.person, frame.start]


@dataclass(frozen=True)
class _Move:
    """A make-up in another week than what it makes up for."""

    seat: Seat
    missed: date
    made_up: date
    missed_week: WeekFrame
    week: WeekFrame


class _Moves:
    """Make-ups in other weeks, and what each of them carries back (requirements 5.3)."""

    def __init__(self, material: Material, people: Iterable[int]) -> None:
        self._material = material
        self._moves = {
            person: [
                move
                for seat in material.seats.get(person, ())
                if seat.stands and seat.missed and (move := self._move(person, seat))
            ]
            for person in people
        }

    def _move(self, person: int, seat: Seat) -> _Move | None:
        context = self._material.context
        about = context.frame(person, seat.span.start.date())
        if about is None or seat.missed is None:
            return None
        made_up, missed = local_day(seat.span.start, about.zone), local_day(seat.missed, about.zone)
        if not within(missed, made_up, MOST_CARRY):
            return None
        week, before = context.frame(person, made_up), context.frame(person, missed)
        if week is None or before is None:
            return None
        return _Move(seat, missed, made_up, before, week)

    @property
    def frames(self) -> list[WeekFrame]:
        return [
            frame
            for moves in self._moves.values()
            for each in moves
            for frame in (each.missed_week, each.week)
        ]

    def carries(self, resolved: _Resolved, now: datetime | None) -> dict[int, tuple[Carries, Carries]]:
        """By person: as things stand, and as they will if everything goes as booked."""
        found = {}
        for person, moves in self._moves.items():
            allowed = [(each, self._allowed(each, resolved)) for each in moves]
            told = [self._told(each, who, resolved, now) for each, who in allowed if who]
            if told:
                found[person] = tuple(one for one, _then in told), tuple(then for _one, then in told)
        return found

    @staticmethod
    def _allowed(move: _Move, resolved: _Resolved) -> frozenset[str]:
        """Who lets it count there: it is near enough, and of a kind that counts for them."""
        _settings, floors = resolved.of(move.missed_week)
        kind, counts = move.seat.kind, move.seat.counts
        return frozenset(
            each.asked_by
            for each in floors
            if within(move.missed, move.made_up, each.carry_back_days)
            and each.counts(kind, move.made_up, otherwise=counts)
        )

    def _told(
        self, move: _Move, who: frozenset[str], resolved: _Resolved, now: datetime | None
    ) -> tuple[Carry, Carry]:
        """What the seat gives in its own week, by the settings of that week."""
        settings, _floors = resolved.of(move.week)
        given = given_of(move.week, self._material.of(move.week), settings, (), now)
        one, then = (
            _credited(replace(given, presences=given.presences + more), move.seat)
            for more in ((), given.assumed)
        )
        carry = Carry(move.seat.session, move.missed, move.made_up, one, who)
        return carry, replace(carry, minutes=then)


Carries = tuple[Carry, ...]


def _credited(given: Given, seat: Seat) -> Fraction:
    credit = count_person_week(given).week.credit_of(seat.session)
    return credit.minutes if credit else Fraction(0)


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
        span=frame.span,
    )


def presences_of(seats: Iterable[Seat], now: datetime | None) -> Iterator[Presence]:
    for seat in seats:
        until = there_until(now, seat.span.end) if now else seat.span.end
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
    (context, seats), known = yield from both(
        both(read_context(whose, since, until), _read_seats(whose, since, until)), read_floors(whose)
    )
    return Material(context, seats, known)


def _read_seats(whose: Mapping[int, int], since: date, until: date) -> Reading[Mapping[int, Sequence[Seat]]]:
    """A week around, another one after for who cuts weeks differently, and a day for the zone.

    With what makes up for sessions of these weeks, however late, and what somebody was called out of it for: that is
    rare, and read on its own.
    """
    span = days_span(since - timedelta(days=8), until + timedelta(days=14), UTC)
    told = Q(status=Status.BOOKED) | Q(cancel_kind__in=[Ended.PROGRAM, Ended.PERSON])
    theirs = Booking.objects.filter(told, person_id__in=list(whose)).order_by("during", "pk")
    near = theirs.filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
    later = theirs.filter(
        during__startswith__gte=span.end,
        makes_up_for__during__startswith__gte=span.start,
        makes_up_for__during__startswith__lt=span.end,
    )
    found, late = yield from both(_seats_of(near, whose), all_of(later.values_list("pk", flat=True)))
    if late:
        more = yield from _seats_of(theirs.filter(Q(pk__in=late) | Q(pulled_out_of__in=late)), whose)
        for person, seats in more.items():
            found[person] += seats
    return found


def _seats_of(bookings: QuerySet[Booking], whose: Mapping[int, int]) -> Reading[dict[int, list[Seat]]]:
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
    "makes_up_for__during",
    "session__during",
    "session__breaks",
    "session__service_id",
    "session__service__counting",
    "session__service__dated",
    "session__site__time_zone",
)


def _counts(row: Any) -> bool:
    """Whether its kind of service counted on that day."""
    word, dated = row.session__service__counting, row.session__service__dated
    if dated:
        day = local_day(row.session__during.lower, ZoneInfo(row.session__site__time_zone))
        word = word_on(day, word, dated)
    return bool(word == ServiceKind.Counts.YES)


def _seat(row: Any, there: Sequence[tuple[datetime, datetime | None]], away: str) -> Seat:
    return Seat(
        row.pk,
        row.session_id,
        Span(row.session__during.lower, row.session__during.upper),
        read_breaks(row.session__breaks),
        _counts(row),
        row.status,
        row.cancel_kind,
        row.cancelled_at,
        tuple(there),
        away,
        row.makes_up_for__during.lower if row.makes_up_for__during else None,
        row.session__service_id,
    )
