"""Reads one person's course: the way in, levels of care, holds, and each week's hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.attendance.models import Interval
from dayward.care.attendance.rules.counted import Held, Presence, count_week
from dayward.care.catalog.models import ProgramTerms
from dayward.care.journey.models import Episode, IntakeCase, Transition
from dayward.care.journey.queries.steps import state_label
from dayward.care.schedule.models import Booking
from dayward.care.schedule.times import read_breaks
from dayward.doors.staff.picture import Event, Picture, Stretch, WeekMinutes, Words, draw
from dayward.foundation.people.models import Person
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, at, local_day, week_start
from dayward.ui.charts import hours

LONGEST = timedelta(weeks=40)
SILENT = frozenset({"benefits", "first_week"})  # states that say nothing new in the picture


@dataclass(frozen=True)
class Course:
    """The latest way in and the episode it led to."""

    case: IntakeCase | None
    episode: Episode | None
    state: str
    since: date | None
    picture: Picture | None
    weeks: tuple[WeekMinutes, ...]
    events: tuple[Event, ...]

    @property
    def week_words(self) -> list[tuple[date, str, str, str]]:
        """The same as a table."""
        return [
            (week.starts, hours(week.delivered), hours(week.scheduled), hours(week.floor))
            for week in self.weeks
        ]


def course_of(person: Person, now: datetime) -> Course:
    """Seven queries, whatever the length."""
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    today = local_day(now, zone)
    ids = person.all_ids
    case = IntakeCase.objects.filter(person_id__in=ids).order_by("-opened_at", "-id").first()
    episodes = Episode.objects.filter(person_id__in=ids).select_related("program")
    episode = episodes.prefetch_related("segments", "holds").order_by("-admitted_at", "-id").first()
    if case is None and episode is None:
        return Course(None, None, "", None, None, (), ())
    if case is not None and episode is not None and case.opened_at > episode.admitted_at:
        episode = None  # a new way in after an episode: its course begins anew
    began = _began(case, episode, zone, today)
    terms = _terms(episode, today)
    definition = WeekDefinition(terms.week_starts) if terms else WeekDefinition.SUNDAY
    first = week_start(began, definition)
    weeks = _weeks(person, episode, first, today, now, zone, terms.floor_minutes if terms else 0)
    events = _events(case, episode, zone)
    words = Words({week.starts: _week_words(week) for week in weeks}, _days(first, today))
    walker = episode or case
    assert walker is not None
    return Course(
        case=case,
        episode=episode,
        state=state_label(walker.state),
        since=local_day(walker.state_since, zone),
        picture=draw(first, today, events, _stretches(episode), weeks, words),
        weeks=tuple(weeks),
        events=tuple(events),
    )


def _began(case: IntakeCase | None, episode: Episode | None, zone: ZoneInfo, today: date) -> date:
    belongs = case if case and (episode is None or episode.case_id in (None, case.pk)) else None
    opened = belongs.opened_at if belongs else episode.admitted_at if episode else None
    return max(local_day(opened, zone) if opened else today, today - LONGEST)


def _terms(episode: Episode | None, today: date) -> ProgramTerms | None:
    if episode is None:
        return None
    rows = ProgramTerms.objects.filter(program=episode.program, effective_from__lte=today)
    return rows.order_by("-effective_from").first()


def _events(case: IntakeCase | None, episode: Episode | None, zone: ZoneInfo) -> list[Event]:
    """Each change of state, in the words of the machine."""
    of = Q(case=case) if case else Q(pk=None)
    of |= Q(episode=episode) if episode else Q(pk=None)
    found: list[Event] = []
    for row in Transition.objects.filter(of).order_by("at", "id"):
        if row.to_state == row.from_state or row.to_state in SILENT:
            continue
        event = Event(local_day(row.at, zone), state_label(row.to_state))
        if not found or found[-1] != event:
            found.append(event)
    if episode and episode.first_service_on:
        found.append(Event(episode.first_service_on, _("First service")))
    return sorted(found, key=lambda event: event.day)


def _stretches(episode: Episode | None) -> list[Stretch]:
    if episode is None:
        return []
    levels = [
        Stretch(
            _("%(level)s, %(days)d days a week")
            % {"level": each.get_level_display(), "days": each.days_per_week},
            each.starts_on,
            each.ends_on or episode.effective_end,
        )
        for each in episode.segments.all()
    ]
    holds = [
        Stretch(
            _("Hold: %(reason)s") % {"reason": each.get_reason_display()},
            each.starts_on,
            each.ended_on,
            "hold",
        )
        for each in episode.holds.all()
    ]
    return levels + holds


def _weeks(
    person: Person,
    episode: Episode | None,
    first: date,
    today: date,
    now: datetime,
    zone: ZoneInfo,
    floor: int,
) -> list[WeekMinutes]:
    """Every week since the first booking, counted by the engine of attendance."""
    if episode is None:
        return []
    last = today + timedelta(days=7)
    rows = Booking.objects.filter(
        person_id__in=person.all_ids,
        status=Booking.Status.BOOKED,
        during__startswith__gte=at(first, datetime.min.time(), zone),
        during__startswith__lt=at(last, datetime.min.time(), zone),
    ).select_related("session__service")
    bookings = list(rows)
    there = _presences(bookings, now)
    held = {row.session_id: _held(row) for row in bookings}
    by_week: dict[date, list[Held]] = defaultdict(list)
    for each in held.values():
        by_week[first + timedelta(weeks=(local_day(each.span.start, zone) - first).days // 7)].append(each)
    starts = sorted(by_week)
    return [_week(start, by_week[start], there, zone, floor) for start in starts if start <= today]


def _held(booking: Booking) -> Held:
    session = booking.session
    return Held(session.pk, session.span, read_breaks(session.breaks), session.service.counts)


def _presences(bookings: Sequence[Booking], now: datetime) -> list[Presence]:
    spans = {row.pk: (row.session_id, row.session.span.end) for row in bookings}
    rows = Interval.objects.standing().filter(booking__in=list(spans))
    found = []
    for booking, came, went in rows.values_list("booking_id", "came_in", "went_out"):
        session, end = spans[booking]
        until = went or min(now, end)
        if until > came:
            found.append(Presence(session, Span(came, until)))
    return found


def _week(start: date, held: list[Held], there: list[Presence], zone: ZoneInfo, floor: int) -> WeekMinutes:
    ids = {each.id for each in held}
    week = count_week(start, held, [each for each in there if each.session in ids], zone)
    return WeekMinutes(start, int(week.delivered), int(week.scheduled), floor)


def _week_words(week: WeekMinutes) -> str:
    words = {
        "day": date_format(week.starts, "M j"),
        "delivered": hours(week.delivered),
        "scheduled": hours(week.scheduled),
        "floor": hours(week.floor),
    }
    return _("Week of %(day)s: %(delivered)s of %(scheduled)s scheduled, floor %(floor)s") % words


def _days(first: date, today: date) -> dict[date, str]:
    count = (today - first).days // 7 + 20
    days = [first + timedelta(weeks=number) for number in range(count)]
    return {day: date_format(day, "M j") for day in days}
