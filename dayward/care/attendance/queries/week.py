"""A person's service week: the figures and the rows behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from dayward.care.attendance.queries.context import WeekFrame
from dayward.care.attendance.queries.counting import Material, Seat, presences_of, read_material
from dayward.care.attendance.queries.lines import BookedRow, Line, line_of, there_and_away
from dayward.care.attendance.rules.hours import Week
from dayward.care.attendance.rules.person_week import (
    FloorOutlook,
    FloorState,
    Given,
    JudgedFloor,
    Outlook,
    foresee,
)
from dayward.care.attendance.rules.settings import Settings
from dayward.care.attendance.rules.verdicts import WeekVerdict
from dayward.care.attendance.rules.weeks import ServiceSpan, service_week
from dayward.care.attendance.words import (
    exempt_words,
    floor_sentence,
    in_words,
    week_sentence,
)
from dayward.care.catalog.models import FloorTest
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import bookings_of, days_span
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both
from dayward.kernel.time import WeekDefinition, local_day


@dataclass(frozen=True)
class FloorLine:
    """One floor of a week, as its own authority asks."""

    judged: JudgedFloor
    sentence: str
    foreseen: str  # while the week runs and the floor is not met
    state: FloorState

    @property
    def source(self) -> str:
        return self.judged.floor.source

    @property
    def test(self) -> str:
        return FloorTest(self.judged.floor.test.value).label.lower()

    @property
    def own_days(self) -> tuple[date, date] | None:
        """First and last day, where who asks cuts weeks in its own way."""
        if self.judged.floor.week is None:
            return None
        return self.judged.span.start, self.judged.span.end - timedelta(days=1)


def floor_lines(outlook: Outlook, today: date) -> list[FloorLine]:
    return [_floor_line(each, today) for each in outlook.floors]


def _floor_line(floor: FloorOutlook, today: date) -> FloorLine:
    judged = floor.judged
    why = exempt_words(judged.exemption)
    running = today < judged.span.end
    return FloorLine(
        judged,
        floor_sentence(judged, running=running, why=why),
        in_words(floor.forecast.because, why=why) if running and not judged.verdict.met else "",
        floor.state(today),
    )


@dataclass(frozen=True)
class WeekSum:
    """A person's service week: four figures and the verdicts."""

    person: Person
    span: ServiceSpan
    outlook: Outlook
    frame: WeekFrame | None  # None: no stay touches this week
    today: date
    sentence: str
    sessions: int  # booked, and those called off by either side
    unconfirmed: int  # sessions that are over, with no row for this person

    @property
    def start(self) -> date:
        return self.span.start

    @property
    def end(self) -> date:
        """Its last day."""
        return self.span.end - timedelta(days=1)

    @property
    def definition(self) -> WeekDefinition:
        return self.span.definition

    @property
    def week(self) -> Week:
        return self.outlook.now.week

    @property
    def verdict(self) -> WeekVerdict:
        """Against the program's floor."""
        return self.outlook.now.verdict

    @property
    def prescribed(self) -> int:
        return int(self.verdict.figures.prescribed)

    @property
    def scheduled(self) -> Fraction:
        return self.verdict.figures.scheduled

    @property
    def units(self) -> float:
        return float(self.outlook.now.units)

    @property
    def unit_lines(self) -> list[tuple[date, str]]:
        """What each unit was made of, for the biller."""
        return [(each.day, in_words(each.units.because)) for each in self.outlook.now.billables]

    @property
    def exempt(self) -> str:
        """The reason in words, if there is one."""
        return exempt_words(self.outlook.now.exemption)

    @property
    def floors(self) -> tuple[JudgedFloor, ...]:
        return self.outlook.now.floors

    @property
    def running(self) -> bool:
        return self.today < self.span.end

    @property
    def floor_lines(self) -> list[FloorLine]:
        """Each floor that is asked for: by whom, and whether it is met."""
        return floor_lines(self.outlook, self.today)

    @property
    def floor_source(self) -> str:
        return self.frame.segment.track.program.name if self.frame else ""

    @property
    def days(self) -> list[tuple[date, float, bool | None, str]]:
        """Each day with a session that counts: minutes, whether they are enough, and why."""
        return [(day.day, float(day.minutes), day.ok, in_words(day.because)) for day in self.outlook.now.days]

    @property
    def foreseen(self) -> str:
        """While the week runs: what it will come to."""
        return in_words(self.outlook.forecast.because, why=self.exempt) if self.running else ""

    @property
    def delivered_minutes(self) -> int:
        """For a picture; the exact figure is in the verdict."""
        return int(self.verdict.delivered)

    @property
    def expected_minutes(self) -> int:
        """Delivered at the end of the week if everything still booked is attended; for a picture."""
        return int(self.outlook.then.figures.delivered)

    @property
    def over(self) -> bool:
        return not self.running

    @property
    def scheduled_minutes(self) -> int:
        return int(self.scheduled)


@dataclass(frozen=True)
class CountedWeek(WeekSum):
    """With the rows behind."""

    lines: tuple[Line, ...]


def week_of(person: Person, day: date, *, now: datetime | None = None) -> CountedWeek:
    """Count the service week that holds `day`, as the person's program counts. Two queries."""
    return alone(read_week(person, day, now=now))


def read_week(person: Person, day: date, *, now: datetime | None = None) -> Reading[CountedWeek]:
    instant = now or timezone.now()
    material = yield from _read_one(person, day)
    _frame, span, zone = _cut(material, person, day)
    days = days_span(span.start, span.end - timedelta(days=1), zone)
    bookings, (intervals, absences) = yield from both(
        all_of(_shown(bookings_of(person, days))),
        there_and_away(bookings_of(person, days)),
    )
    rows = [BookedRow(row, tuple(intervals[row.pk]), absences.get(row.pk)) for row in bookings]
    given = _given(material, person, day, instant)
    counted = _summed(material, person, day, given, instant)
    given_by = {credit.session: credit for credit in counted.week.credits}
    lines = tuple(line_of(row, given_by.get(row.booking.session_id), given, instant) for row in rows)
    return CountedWeek(**vars(counted), lines=lines)


def read_sum(person: Person, day: date, *, now: datetime | None = None) -> Reading[WeekSum]:
    """The same week where its rows are not shown: one query."""
    instant = now or timezone.now()
    material = yield from _read_one(person, day)
    return _summed(material, person, day, _given(material, person, day, instant), instant)


def _read_one(person: Person, day: date) -> Reading[Material]:
    return (yield from read_material(dict.fromkeys(person.all_ids, person.pk), day, day))


def _summed(material: Material, person: Person, day: date, given: Given, now: datetime) -> WeekSum:
    frame, span, zone = _cut(material, person, day)
    outlook, today = foresee(given), local_day(now, zone)
    seats = _seats(material, person, span, zone)
    return WeekSum(
        person=person,
        span=span,
        outlook=outlook,
        frame=frame,
        today=today,
        sentence=week_sentence(outlook.now, running=today < span.end),
        sessions=len(seats),
        unconfirmed=sum(seat.is_unconfirmed(now) for seat in seats),
    )


@dataclass(frozen=True)
class ForeseenWeek:
    """A service week by its figures alone, without the rows behind."""

    span: ServiceSpan
    outlook: Outlook


def foreseen_weeks(person: Person, days: Iterable[date], now: datetime) -> dict[date, ForeseenWeek]:
    """By day its service week; everything is read once for all of them."""
    wanted = sorted(set(days))
    material = alone(read_material(dict.fromkeys(person.all_ids, person.pk), wanted[0], wanted[-1]))
    found: dict[date, ForeseenWeek] = {}
    counted: dict[ServiceSpan, ForeseenWeek] = {}
    for day in wanted:
        _frame, span, _zone = _cut(material, person, day)
        if span not in counted:
            counted[span] = ForeseenWeek(span, foresee(_given(material, person, day, now)))
        found[day] = counted[span]
    return found


def _cut(material: Material, person: Person, day: date) -> tuple[WeekFrame | None, ServiceSpan, ZoneInfo]:
    """The week that holds `day`, and in which zone its days are."""
    frame = material.context.frame(person.pk, day)
    if frame is not None:
        return frame, frame.span, frame.zone
    return None, service_week(day, ()), person.site.zone if person.site else ZoneInfo("UTC")


def _shown(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With what a line of the week shows: half of what a schedule shows of a booking."""
    rows = bookings.select_related(None).annotate(made_up=Exists(_make_ups()))
    return rows.select_related("session__service", "session__site", "makes_up_for__session")


def _make_ups() -> QuerySet[Booking]:
    """Of a booking, that stand."""
    return Booking.objects.standing().filter(makes_up_for=OuterRef("pk"))


def _given(material: Material, person: Person, day: date, now: datetime) -> Given:
    """What the week that holds `day` is counted from; without a stay nothing is asked of it."""
    frame, span, zone = _cut(material, person, day)
    if frame is not None:
        return material.given([frame], now)[0]
    seats = [seat for seat in _seats(material, person, span, zone) if seat.stands or seat.called_off]
    sessions, there = tuple(seat.held for seat in seats), tuple(presences_of(seats, now))
    return Given(span.start, zone, sessions, there, 0, Settings(), (), "")


def _seats(material: Material, person: Person, span: ServiceSpan, zone: ZoneInfo) -> list[Seat]:
    """What begins in the week."""
    week = days_span(span.start, span.end - timedelta(days=1), zone)
    return [seat for seat in material.seats.get(person.pk, ()) if week.start <= seat.span.start < week.end]
