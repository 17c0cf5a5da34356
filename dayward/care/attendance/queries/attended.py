"""What somebody attended between two days, for letters, summaries and packets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dayward.care.attendance.models import Interval
from dayward.care.attendance.queries.context import Context, read_context
from dayward.care.attendance.queries.lines import held, presences
from dayward.care.attendance.registries import settings_of
from dayward.care.attendance.rules.hours import Credit, Held, Outcome, Presence, Week, count_hours
from dayward.care.attendance.rules.settings import Settings
from dayward.care.catalog.models import Program
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import bookings_of, days_span
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both


@dataclass(frozen=True)
class AttendedDay:
    """One day with at least one minute of service."""

    day: date
    minutes: Fraction  # creditable, whether or not they count towards the floor
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Attended:
    """From `since` to `until`, both included."""

    since: date
    until: date
    days: tuple[AttendedDay, ...]
    booked: int  # sessions that took place and the person was expected in
    kept: int  # of these, those with at least one minute
    counted: Fraction  # minutes that count towards the floor

    @property
    def minutes(self) -> Fraction:
        return sum((each.minutes for each in self.days), Fraction(0))


def attended_between(
    person: Person, since: date, until: date, *, now: datetime | None = None, episode: Episode | None = None
) -> Attended:
    """As the weeks were counted (rules/hours.py, with the program's settings). Two queries, whatever the length.

    What leaves the building names its `episode`: another program's days do not go out under its notice.
    """
    return alone(read_attended(person, since, until, now=now, episode=episode))


def read_attended(
    person: Person, since: date, until: date, *, now: datetime | None = None, episode: Episode | None = None
) -> Reading[Attended]:
    instant = now or timezone.now()
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    span = days_span(since, until, zone)
    # Only the bookings are asked whose they are: with that, PostgreSQL looks through the intervals of everybody.
    own = bookings_of(person, span)
    asked = own if episode is None else own.filter(_of_episode(person, episode))
    (bookings, came), context = yield from both(
        both(all_of(_counted(asked)), all_of(_intervals(own))),
        read_context(dict.fromkeys(person.all_ids, person.pk), since, until),
    )
    intervals: dict[int, list[Interval]] = defaultdict(list)
    for each in came:
        intervals[each.booking_id].append(each)
    over = [row for row in bookings if row.session.span.end <= instant]
    sessions, there = [held(row) for row in over], presences(over, intervals, instant)
    credited = _credited(context, person, _Days(since, until, zone), sessions, there)
    return _summed(since, until, credited, {row.session_id: row for row in over})


def _counted(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With what the count and the titles need: a stay has hundreds."""
    rows = bookings.select_related(None).select_related("session__service", "session__site")
    return rows.only(
        *("status", "session__title", "session__during", "session__breaks"),
        *("session__service__counting", "session__service__dated", "session__site__time_zone"),
    )


def _intervals(bookings: QuerySet[Booking]) -> QuerySet[Interval]:
    rows = Interval.objects.standing().filter(booking__in=bookings.order_by().values("pk"))
    return rows.order_by("came_in").only("booking", "came_in", "went_out")


@dataclass(frozen=True)
class _Days:
    since: date
    until: date
    zone: ZoneInfo


def _credited(
    context: Context, person: Person, days: _Days, sessions: list[Held], there: list[Presence]
) -> list[Credit]:
    """Each session by the settings of its week; where nobody was in treatment, every minute counts."""
    frames = context.frames(person.pk, days.since, days.until)
    weeks = [
        count_hours(frame.start, sessions, there, frame.zone, settings, length=frame.span.days)
        for frame, settings in zip(frames, settings_of([each.asking for each in frames]), strict=True)
    ]
    found = _by_session(weeks, days)
    rest = [each for each in sessions if each.id not in found]
    if rest:
        starts = (days.since + timedelta(days=n) for n in range(0, (days.until - days.since).days + 1, 7))
        plain = [count_hours(start, rest, there, days.zone, Settings()) for start in starts]
        found = {**_by_session(plain, days), **found}
    return [credit for credit in found.values() if credit.outcome is not Outcome.CANCELLED]


def _by_session(weeks: list[Week], days: _Days) -> dict[int, Credit]:
    return {
        credit.session: credit
        for week in weeks
        for credit in week.credits
        if days.since <= credit.day <= days.until
    }


def _of_episode(person: Person, episode: Episode) -> Q:
    """By enrollment; a single visit within the stay, and of two stays at once of the later (facts.py `_Episodes`)."""
    later = Episode.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("during__startswith")),
        person_id__in=person.all_ids,
        admitted_at__gt=episode.admitted_at,
        admitted_at__lte=OuterRef("during__endswith"),
    )
    single = Q(~Exists(later), enrollment__isnull=True, during__endswith__gte=episode.admitted_at)
    if episode.ended_at is not None:
        single &= Q(during__startswith__lte=episode.ended_at)
    if not episode.program.under_part_two:  # a guest in another program's group, which is under Part 2
        track = "session__group__track"
        elsewhere = Q(**{f"{track}__isnull": False}) & ~Q(**{f"{track}__program": episode.program_id})
        single &= ~(elsewhere & ~Q(**{f"{track}__program__part_two": Program.PartTwo.OUTSIDE}))
    return Q(enrollment__segment__episode=episode) | single


def _summed(since: date, until: date, credited: list[Credit], rows: dict[int, Booking]) -> Attended:
    by_day: dict[date, list[Credit]] = defaultdict(list)
    for credit in credited:
        if credit.minutes:
            by_day[credit.day].append(credit)
    days = tuple(
        AttendedDay(
            day,
            sum((each.minutes for each in found), Fraction(0)),
            tuple(rows[each.session].session.title for each in found),
        )
        for day, found in sorted(by_day.items())
    )
    counted = sum((each.minutes for each in credited if each.counts), Fraction(0))
    return Attended(since, until, days, len(credited), sum(len(found) for found in by_day.values()), counted)
