"""What somebody attended between two days, for letters, summaries and packets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.utils import timezone

from dayward.care.attendance.queries.week import held, presences, there_and_away
from dayward.care.attendance.rules.counted import Credit, count_week
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


def attended_between(person: Person, since: date, until: date, *, now: datetime | None = None) -> Attended:
    """By the rule of the counted week (rules/counted.py). Three queries, whatever the length."""
    return alone(read_attended(person, since, until, now=now))


def read_attended(
    person: Person, since: date, until: date, *, now: datetime | None = None
) -> Reading[Attended]:
    instant = now or timezone.now()
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    span = days_span(since, until, zone)
    bookings, (intervals, _absences) = yield from both(
        all_of(bookings_of(person, span)), there_and_away(bookings_of(person, span))
    )
    over = [row for row in bookings if row.session.span.end <= instant]
    sessions, there = [held(row) for row in over], presences(over, intervals, instant)
    credited = [
        credit
        for week in range((until - since).days // 7 + 1)
        for credit in count_week(since + timedelta(weeks=week), sessions, there, zone).credits
        if credit.day <= until
    ]
    return _summed(since, until, credited, {row.session_id: row for row in over})


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
