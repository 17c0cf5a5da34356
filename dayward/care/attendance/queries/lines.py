"""The sessions of a week as rows: what was written about each, and what it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Absence, Interval
from dayward.care.attendance.rules.because import Because
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Credit, Held, Outcome, Presence, there_until
from dayward.care.attendance.rules.person_week import (
    Given,
)
from dayward.care.attendance.rules.settings import Settings
from dayward.care.attendance.rules.verdicts import explain
from dayward.care.attendance.words import (
    in_words,
    rule_words,
)
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.times import clock, clock_range, moment, read_breaks
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.spans import Span
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Line:
    """One session of the week, as the count opens to it."""

    booking: Booking
    title: str
    plain_title: str
    day: date
    time: str
    counts: bool  # for the program
    otherwise: tuple[str, ...]  # for whom it is the other way round
    scheduled: int
    credit: Fraction
    state: str
    word: str
    there: tuple[str, ...]  # intervals in words
    because: str
    rule: str  # the rule behind it, in a director's words
    cancelled: bool
    future: bool
    made_up: bool  # another seat makes up for it

    @property
    def minutes(self) -> float:
        return float(self.credit)


@dataclass(frozen=True)
class BookedRow:
    """A booking with what was written about it."""

    booking: Booking
    intervals: tuple[Interval, ...]
    absence: Absence | None


def there_and_away(
    bookings: QuerySet[Booking],
) -> Reading[tuple[dict[int, list[Interval]], dict[int, Absence]]]:
    """When the person was there, and what is known of why not, by booking."""
    theirs = bookings.order_by().values("pk")
    intervals, absences = yield from both(
        all_of(_intervals(theirs)),
        all_of(Absence.objects.filter(booking__in=theirs, withdrawn_at__isnull=True)),
    )
    found: dict[int, list[Interval]] = defaultdict(list)
    for row in intervals:
        found[row.booking_id].append(row)
    return found, {row.booking_id: row for row in absences}


def _intervals(bookings: QuerySet[Booking, Any]) -> QuerySet[Interval]:
    rows = Interval.objects.standing().filter(booking__in=bookings)
    return rows.select_related("recorded_by", "replaces").order_by("came_in")


def held(booking: Booking) -> Held:
    """The session as the count reads it."""
    session = booking.session
    cancelled = booking.status == Booking.Status.CANCELLED
    return Held(
        session.pk, session.span, read_breaks(session.breaks), counts(session), cancelled, session.service_id
    )


def counts(session: Session) -> bool:
    """Whether its kind of service counted on its day."""
    return session.service.counts_on(local_day(session.span.start, session.site.zone))


def presences(
    bookings: Iterable[Booking], intervals: dict[int, list[Interval]], now: datetime
) -> list[Presence]:
    return [
        Presence(row.session_id, Span(each.came_in, end))
        for row in bookings
        for each in intervals[row.pk]
        if (end := each.went_out or there_until(now, row.session.span.end)) > each.came_in
    ]


def line_of(row: BookedRow, credit: Credit | None, given: Given, now: datetime) -> Line:
    booking, session = row.booking, row.booking.session
    state, word = _state(row, now)
    because = _because(booking, credit, given.settings) if row.intervals else None
    day = local_day(session.span.start, given.zone)
    return Line(
        booking=booking,
        title=session.title,
        plain_title=session.service.plain_name(get_language() or "en"),
        day=day,
        time=clock_range(session.span, given.zone),
        counts=counts(session),
        otherwise=tuple(_otherwise(session, day, given.floors)),
        scheduled=int(session.span.length.total_seconds() // 60),
        credit=credit.minutes if credit else Fraction(0),
        state=state,
        word=word,
        there=tuple(_in_words(each, given.zone) for each in row.intervals),
        because=in_words(because) if because else "",
        rule=rule_words(because.rule) if because else "",
        cancelled=booking.status == Booking.Status.CANCELLED,
        future=session.span.start > now,
        made_up=booking.made_up,  # type: ignore[attr-defined]  # read with it
    )


def _otherwise(session: Session, day: date, floors: Iterable[Floor]) -> Iterator[str]:
    programs = counts(session)
    for floor in floors:
        if floor.counts(session.service_id, day, otherwise=programs) is not programs:
            yield floor.source


def _state(row: BookedRow, now: datetime) -> tuple[str, str]:
    booking, absence = row.booking, row.absence
    if booking.status == Booking.Status.CANCELLED:
        return "cancelled", _("Canceled by the program")
    if absence is not None:
        return "absent", absence.get_kind_display()
    if row.intervals:
        return "there", _("There")
    if booking.session.span.end <= now:
        return "untouched", _("Not confirmed: nothing counts")
    if booking.session.span.start <= now:
        return "now", _("Now, not confirmed yet")
    return "ahead", _("To come")


def _in_words(row: Interval, zone: ZoneInfo) -> str:
    words = {"came": clock(row.came_in, zone), "who": row.recorded_by.name, "at": when_written(row, zone)}
    if row.went_out is None:
        return _("%(came)s – open · %(who)s, %(at)s") % words
    return _("%(came)s–%(went)s · %(who)s, %(at)s") % {**words, "went": clock(row.went_out, zone)}


def when_written(row: Interval, zone: ZoneInfo) -> str:
    """When the row was written, with the reason where it is a correction."""
    at = moment(row.recorded_at, zone)
    return _("%(at)s, corrected: %(why)s") % {"at": at, "why": row.reason} if row.reason else at


def _because(booking: Booking, credit: Credit | None, settings: Settings) -> Because | None:
    """Why a session gives what it gives, where it is not simply all of its time."""
    if not counts(booking.session):
        return Because(NOT_COUNTED, rule="kind")
    if credit is None:
        return None
    whole = credit.outcome is Outcome.CREDITED and not credit.in_breaks and not credit.elsewhere
    if whole and credit.present_spans == (booking.session.span,):
        return None
    return explain(credit, settings)


NOT_COUNTED = gettext_noop("This kind of service does not count towards the floor.")
