from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Absence, Interval, RollCall
from dayward.care.attendance.registries import NotesProgress, notes_of_sessions
from dayward.care.attendance.rules.counted import Credit, Held, Presence, Verdict, Week, count_week, judge
from dayward.care.catalog.models import Closure, ProgramTerms
from dayward.care.catalog.queries import terms_on
from dayward.care.journey.models import Segment
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.week import bookings_of, days_span
from dayward.care.schedule.times import clock, clock_range, moment, read_breaks
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, all_of, alone, both
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, local_day, week_start
from dayward.ui.charts import hours

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
    """How far the rolls of these sessions (`with_taken`) and their notes are; five queries."""
    rows = list(sessions)
    ids = [row.pk for row in rows]
    recorded: dict[int, set[int]] = defaultdict(set)
    pairs = Interval.objects.standing().filter(session__in=ids).values_list("session_id", "booking_id")
    away = Absence.objects.filter(booking__session__in=ids, withdrawn_at__isnull=True)
    for session, booking in [*pairs, *away.values_list("booking__session_id", "booking_id")]:
        recorded[session].add(booking)
    closed = set(
        RollCall.objects.filter(session__in=ids, closed_at__isnull=False).values_list("session_id", flat=True)
    )
    notes = notes_of_sessions(ids)
    return [
        RollState(row, row.taken, len(recorded[row.pk]), row.pk in closed, notes.get(row.pk)) for row in rows
    ]


# -- a person's week -------------------------------------------------------------------------------------------


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
        all_of(bookings_of(person, span)), _there_and_away(bookings_of(person, span))
    )
    held = [_held(row) for row in bookings]
    week = count_week(start, held, _presences(bookings, intervals, instant), zone)
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


def _there_and_away(
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


def _held(booking: Booking) -> Held:
    session = booking.session
    cancelled = booking.status == Booking.Status.CANCELLED
    return Held(session.pk, session.span, read_breaks(session.breaks), session.service.counts, cancelled)


def _presences(
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
