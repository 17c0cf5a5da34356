"""A person's service week: the figures and the rows behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Absence, Interval
from dayward.care.attendance.rules.counted import Credit, Held, Presence, Verdict, Week, count_week, judge
from dayward.care.catalog.models import Closure, ProgramTerms
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import Segment
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.week import bookings_of, days_span
from dayward.care.schedule.times import clock, clock_range, moment, read_breaks
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, local_day, week_start
from dayward.ui.charts import hours


@dataclass(frozen=True)
class Line:
    """One session of the week, as the count opens to it."""

    booking: Booking
    title: str
    plain_title: str
    day: date
    time: str
    counts: bool
    scheduled: int
    credit: Fraction
    state: str
    word: str
    there: tuple[str, ...]  # intervals in words
    because: str
    cancelled: bool
    future: bool

    @property
    def minutes(self) -> float:
        return float(self.credit)


@dataclass(frozen=True)
class CountedWeek:
    """A person's service week: minutes against the floor, and the rows behind."""

    person: Person
    start: date
    definition: WeekDefinition
    prescribed: int
    scheduled: Fraction
    verdict: Verdict
    week: Week
    lines: tuple[Line, ...]
    floor_source: str
    sentence: str
    unconfirmed: int  # sessions that are over, with no row for this person

    @property
    def end(self) -> date:
        return self.start + timedelta(days=6)

    @property
    def delivered_minutes(self) -> int:
        """For a picture; the exact figure is in the verdict."""
        return int(self.verdict.delivered)

    @property
    def scheduled_minutes(self) -> int:
        return int(self.scheduled)


def _segment_on(person: Person, day: date) -> Reading[Segment | None]:
    """The stretch of treatment of `day`, else the one that begins or ended within its week; with the
    program's terms and the closures around in the same query."""
    terms = "track__program__terms"
    holding = Q(**{f"{terms}__effective_from__lte": day}) & (
        Q(**{f"{terms}__effective_to__isnull": True}) | Q(**{f"{terms}__effective_to__gt": day})
    )
    closures = Closure.objects.standing().filter(
        site=OuterRef("track__program__site"),
        reason=Closure.Reason.HOLIDAY,
        day__gte=day - timedelta(days=6),
        day__lte=day + timedelta(days=6),
    )
    rows = yield from all_of(
        Segment.objects.filter(episode__person_id__in=person.all_ids)
        .filter(starts_on__lte=day + timedelta(days=6))
        .exclude(ends_on__lt=day - timedelta(days=6))
        .annotate(
            terms_then=FilteredRelation(terms, condition=holding),
            closed=ArraySubquery(closures.values(json=JSONObject(day="day", name="name"))),
        )
        .select_related("track__program__site", "terms_then")  # type: ignore[misc]
        .order_by("-starts_on", "-pk")
    )
    on_day = (row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on > day))
    return next(on_day, rows[0] if rows else None)


def _terms_of(segment: Segment, day: date) -> ProgramTerms | None:
    """Those read along; before the program's first terms, the first."""
    found: ProgramTerms | None = getattr(segment, "terms_then", None)
    return found or terms_on(segment.track.program, day)


def _exemption(segment: Segment | None, start: date) -> str:
    """A week with a holiday on which the site is closed is exempt; the holiday is the reason (5.1)."""
    week = {(start + timedelta(days=n)).isoformat() for n in range(7)}
    closed: list[dict[str, str]] = segment.__dict__.get("closed") or [] if segment else []
    return next((each["name"] for each in sorted(closed, key=lambda c: c["day"]) if each["day"] in week), "")


def week_of(person: Person, day: date, *, now: datetime | None = None) -> CountedWeek:
    """Count the service week that holds `day`, with the settings of the person's program. Two queries."""
    return alone(read_week(person, day, now=now))


def read_week(person: Person, day: date, *, now: datetime | None = None) -> Reading[CountedWeek]:
    instant = now or timezone.now()
    segment = yield from _segment_on(person, day)
    program = segment.track.program if segment else None
    terms = _terms_of(segment, day) if segment else None
    definition = WeekDefinition(terms.week_starts) if terms else WeekDefinition.SUNDAY
    site = program.site if program else person.site
    zone = site.zone if site else ZoneInfo("UTC")
    start = week_start(day, definition)
    span = days_span(start, start + timedelta(days=6), zone)
    bookings, (intervals, absences) = yield from both(
        all_of(bookings_of(person, span)), there_and_away(bookings_of(person, span))
    )
    sessions = [held(row) for row in bookings]
    week = count_week(start, sessions, presences(bookings, intervals, instant), zone)
    floor = terms.floor_minutes if terms else 0
    verdict = judge(week, floor=floor, exempt=_exemption(segment, start))
    lines = tuple(
        _line(row, week.credit_of(row.session_id), intervals[row.pk], absences.get(row.pk), zone, instant)
        for row in bookings
    )
    return CountedWeek(
        person=person,
        start=start,
        definition=definition,
        prescribed=segment.prescribed_minutes if segment else 0,
        scheduled=week.scheduled,
        verdict=verdict,
        week=week,
        lines=lines,
        floor_source=program.name if program else "",
        sentence=_sentence(verdict, week, running=local_day(instant, zone) < start + timedelta(days=7)),
        unconfirmed=sum(line.state == "untouched" for line in lines),
    )


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
    return Held(session.pk, session.span, read_breaks(session.breaks), session.service.counts, cancelled)


def presences(
    bookings: Iterable[Booking], intervals: dict[int, list[Interval]], now: datetime
) -> list[Presence]:
    """An open out time counts up to now, at most to the end of the session."""
    return [
        Presence(row.session_id, Span(each.came_in, end))
        for row in bookings
        for each in intervals[row.pk]
        if (end := each.went_out or min(now, row.session.span.end)) > each.came_in
    ]


def _sentence(verdict: Verdict, week: Week, *, running: bool) -> str:
    words = {
        "delivered": hours(int(verdict.delivered)),
        "floor": hours(verdict.floor),
        "short": hours(-int(-verdict.short_by // 1)),
        "left": hours(int(max(week.scheduled - verdict.delivered, Fraction(0)))),
        "why": verdict.exempt,
    }
    if not verdict.floor:
        return _("%(delivered)s were delivered; no floor is set.") % words
    if verdict.met:
        return _("%(delivered)s were delivered: the floor of %(floor)s is met.") % words
    if verdict.exempt:
        return _("%(delivered)s of %(floor)s were delivered. The week is exempt: %(why)s.") % words
    if running:
        return _("%(delivered)s of %(floor)s so far; %(short)s are missing.") % words
    return _("%(delivered)s were delivered: %(short)s short of the floor of %(floor)s.") % words


def _line(
    booking: Booking,
    credit: Credit | None,
    intervals: list[Interval],
    absence: Absence | None,
    zone: ZoneInfo,
    now: datetime,
) -> Line:
    session = booking.session
    state, word = _state(booking, intervals, absence, now)
    given = credit.minutes if credit else Fraction(0)
    return Line(
        booking=booking,
        title=session.title,
        plain_title=session.service.plain_name(get_language() or "en"),
        day=local_day(session.span.start, zone),
        time=clock_range(session.span, zone),
        counts=session.service.counts,
        scheduled=int(session.span.length.total_seconds() // 60),
        credit=given,
        state=state,
        word=word,
        there=tuple(_in_words(each, zone) for each in intervals),
        because=_because(booking, intervals, given),
        cancelled=booking.status == Booking.Status.CANCELLED,
        future=session.span.start > now,
    )


def _state(
    booking: Booking, intervals: list[Interval], absence: Absence | None, now: datetime
) -> tuple[str, str]:
    if booking.status == Booking.Status.CANCELLED:
        return "cancelled", _("Cancelled by the program")
    if absence is not None:
        return "absent", absence.get_kind_display()
    if intervals:
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


def _because(booking: Booking, intervals: list[Interval], given: Fraction) -> str:
    """Why a session gives fewer minutes than it lasts."""
    if not intervals:
        return ""
    if not booking.session.service.counts:
        return _("This kind of service does not count towards the floor.")
    pause = sum((span.length for span in read_breaks(booking.session.breaks)), timedelta())
    whole = (booking.session.span.length - pause).total_seconds() / 60
    parts = []
    if pause:
        parts.append(_("breaks of %(count)d min are out") % {"count": int(pause.total_seconds() // 60)})
    if float(given) < whole:
        parts.append(_("minutes not there, or given to a visit inside, are out"))
    return "; ".join(parts)
