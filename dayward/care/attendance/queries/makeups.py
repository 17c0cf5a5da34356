"""What somebody missed, what makes up for it, and which seats could (requirements 5.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Absence
from dayward.care.attendance.queries.week import ForeseenWeek, foreseen_weeks
from dayward.care.attendance.rules.makeups import Forecast, within
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.seats import SeatFound, seats_for, topic_of
from dayward.care.schedule.rules.fitting import Ahead, Like, like_it
from dayward.care.schedule.times import when
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import read
from dayward.kernel.time import local_day

BACK = timedelta(days=28)  # what was missed longer ago is not offered any more
AHEAD = timedelta(days=14)
CALLED_OFF = (Booking.Ended.PERSON, Booking.Ended.PROGRAM)


@dataclass(frozen=True)
class MissedSession:
    """A session somebody was expected in and was not, or will not be."""

    booking: Booking
    day: date
    when: str
    why: str
    make_up: Booking | None  # the one that stands
    make_up_when: str
    make_up_missed: bool  # nobody was there either

    @property
    def open(self) -> bool:
        return self.make_up is None

    @property
    def of_their_own(self) -> bool:
        """A visit with a clinician: another one makes up for it, not a seat in a group."""
        session = self.booking.session
        return session.group_id is None and session.cap == 1


def missed_by(person: Person, *, now: datetime | None = None) -> list[MissedSession]:
    """Of the last four weeks and those ahead they said no to, the newest first. One statement."""
    return _told(_missed(person).filter(during__startswith__gt=(now or timezone.now()) - BACK))


def missed_one(person: Person, booking: str) -> MissedSession | None:
    """One of them by the public id of its booking, however old."""
    return next(iter(_told(_missed(person).filter(public_id=booking))), None)


def open_missed(people: Collection[Person], *, now: datetime) -> dict[int, list[Booking]]:
    """By person (primary key), the earliest first: what nothing makes up for yet. One statement."""
    whose = {pk: person.pk for person in people for pk in _keys(person)}
    made = Booking.objects.standing().filter(makes_up_for=OuterRef("pk"))
    rows = _missed_by(whose).filter(~Exists(made), during__startswith__gt=now - BACK)
    found: dict[int, list[Booking]] = defaultdict(list)
    for row in rows.order_by("during", "pk"):
        found[whose[row.person_id]].append(row)
    return found


def _keys(person: Person) -> list[int]:
    """The person with their other rows, where these were read."""
    known: list[int] = person.__dict__.get("all_ids") or [person.pk]
    return known


def made_up_by(seat: SeatFound, missed: Iterable[Booking]) -> Booking | None:
    """The first of these for which the seat is a make-up: later, of the same topic or kind of service."""
    session = seat.session
    ahead = Ahead(session.span, seat.day, seat.minutes, topic_of(session), session.service.key, seat.left)
    return next((row for row in missed if like_it(ahead, _like(row.session))), None)


def _like(missed: Session) -> Like:
    day = local_day(missed.span.start, missed.site.zone)
    return Like(day, topic_of(missed), missed.service.key)


def _missed(person: Person) -> QuerySet[Booking]:
    return _missed_by(person.all_ids)


def _missed_by(ids: Iterable[int]) -> QuerySet[Booking]:
    """An absence that stands, or a seat given back ahead; not a make-up given back: then the first is open again."""
    away = Absence.objects.filter(booking=OuterRef("pk"), withdrawn_at__isnull=True)
    again = Booking.objects.standing().filter(session=OuterRef("session"), person=OuterRef("person"))
    booked = Q(Exists(away), status=Booking.Status.BOOKED)
    called_off = Q(
        ~Exists(again),
        status=Booking.Status.CANCELLED,
        cancel_kind__in=CALLED_OFF,
        makes_up_for__isnull=True,
    )
    return (
        Booking.objects.filter(booked | called_off, person_id__in=list(ids))
        .filter(session__assessment__isnull=True)
        .select_related("person", "session__site", "session__service", "session__group", "session__room")
    )


def _told(missed: QuerySet[Booking]) -> list[MissedSession]:
    made = Booking.objects.standing().filter(makes_up_for__in=missed.order_by().values("pk"))
    away = Absence.objects.filter(withdrawn_at__isnull=True)
    rows, make_ups, absences, also_missed = read(
        [
            missed.order_by("-during"),
            made.select_related("session__site"),
            away.filter(booking__in=missed.order_by().values("pk")),
            away.filter(booking__in=made.order_by().values("pk")).values_list("booking_id", flat=True),
        ]
    )
    stands_for = {row.makes_up_for_id: row for row in make_ups}
    why = {row.booking_id: row for row in absences}
    return [_one(row, stands_for.get(row.pk), why.get(row.pk), set(also_missed)) for row in rows]


def _one(
    row: Booking, make_up: Booking | None, absence: Absence | None, also_missed: set[int]
) -> MissedSession:
    zone = row.session.site.zone
    return MissedSession(
        booking=row,
        day=local_day(row.session.span.start, zone),
        when=when(row.session.span, zone),
        why=_why(row, absence),
        make_up=make_up,
        make_up_when=when(make_up.session.span, make_up.session.site.zone) if make_up else "",
        make_up_missed=make_up is not None and make_up.pk in also_missed,
    )


def _why(row: Booking, absence: Absence | None) -> str:
    if absence is not None:
        what, reason = absence.get_kind_display(), absence.reason
    else:
        what, reason = str(Booking.Ended(row.cancel_kind).label), row.cancel_reason
    return _("%(what)s: %(why)s") % {"what": what, "why": reason} if reason else what


# -- seats that could make up for it ----------------------------------------------------------------------------


@dataclass(frozen=True)
class WeekWith:
    """The service week of a seat, as it will end without it."""

    start: date
    forecast: Forecast
    sentence: str

    @property
    def short_by(self) -> Fraction:
        return self.forecast.short_by


@dataclass(frozen=True)
class MakeUpSeat:
    """A seat that could make up for a missed session, and what it does to the week in which it counts."""

    seat: SeatFound
    week: WeekWith
    mends: bool
    carried_back: bool = False  # it counts in the week that was missed

    @property
    def after(self) -> Fraction:
        """Minutes still missing with it."""
        gained = self.seat.minutes if self.seat.counts else 0
        return max(self.week.short_by - gained, Fraction(0))


def make_up_seats(missed: MissedSession, person: Person, *, now: datetime | None = None) -> list[MakeUpSeat]:
    """Week by week, in each the same topic first; each with the week it counts in: its own, or the missed one's."""
    instant = now or timezone.now()
    zone = missed.booking.session.site.zone
    until = max(local_day(instant, zone), missed.day) + AHEAD
    seats = seats_for(person, missed.booking.session, until=until, now=instant)
    weeks = foreseen_weeks(person, [missed.day, *(each.day for each in seats)], instant)
    found = [_with_week(seat, missed.day, weeks) for seat in seats]  # the same topic first, then by time
    return sorted(found, key=lambda each: each.week.start)


def _with_week(seat: SeatFound, missed: date, weeks: dict[date, ForeseenWeek]) -> MakeUpSeat:
    own, before = weeks[seat.day], weeks[missed]
    floors = before.outlook.now.floors
    allowed = floors[0].floor.carry_back_days if floors else 0
    back = own.span != before.span and within(missed, seat.day, allowed)
    week = week_ahead(before if back else own)
    mends = bool(week.short_by) and seat.counts and seat.minutes >= week.short_by
    return MakeUpSeat(seat, week, mends, carried_back=back)


def week_ahead(week: ForeseenWeek) -> WeekWith:
    """Delivered so far and what is still booked, against the floor."""
    found = week.outlook.forecast
    return WeekWith(week.span.start, found, in_words(found))


def in_words(found: Forecast) -> str:
    """The forecast's own sentence, in the reader's language."""
    return _(found.because.message) % found.because.words
