"""Standing seats; and the finder of seats that fit: what somebody could sit in besides their own sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.care.catalog.queries import terms_on
from dayward.care.journey.calendars import Seat
from dayward.care.journey.models import Segment
from dayward.care.schedule.models import Booking, Enrollment, OwnHours, Series, Session
from dayward.care.schedule.queries.choices import minutes_of_series
from dayward.care.schedule.queries.collisions import busy
from dayward.care.schedule.queries.week import clinical_minutes, days_span
from dayward.care.schedule.rules.fitting import Ahead, Like, Week, free_for, like_it, same_topic
from dayward.care.schedule.rules.own_hours import Busy, busy_spans
from dayward.care.schedule.times import read_breaks, to_range, to_span, when
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import all_of, alone, both, read
from dayward.kernel.spans import Span, Spans
from dayward.kernel.time import local_day

DAY = timedelta(days=1)
Booked = tuple[int, Span, Spans, bool]  # session, time, breaks, and whether it stands: else they said no


@dataclass(frozen=True)
class SeatFound:
    """A session ahead with a seat left that fits the person."""

    session: Session
    day: date
    when: str
    minutes: int  # clinical
    counts: bool  # towards the floor
    left: int
    same_topic: bool = True  # as the missed one; without one, nothing to compare


def topic_of(session: Session) -> str:
    """What the session is about: its own topic, else its group's."""
    return session.topic or (session.group.topic if session.group else "")


def seats_for(
    person: Person,
    missed: Session | None = None,
    *,
    until: date,
    since: date | None = None,
    now: datetime | None = None,
) -> list[SeatFound]:
    """Seats that fit one person up to `until`, for a missed session: later, same topic first. Three queries."""
    found = seats_for_many([person], until=until, since=since, now=now)[person.pk]
    if missed is None:
        return found
    like = _like(missed)
    fitting = [
        SeatFound(
            each.session, each.day, each.when, each.minutes, each.counts, each.left, same_topic(ahead, like)
        )
        for each in found
        if like_it(ahead := _ahead(each.session, each.day), like)
    ]
    return sorted(fitting, key=lambda each: not each.same_topic)


def seats_for_many(
    people: Collection[Person], *, until: date, since: date | None = None, now: datetime | None = None
) -> dict[int, list[SeatFound]]:
    """By person (primary key): the sessions of their program in which a seat is left and they are free, in the
    order of time. Three queries, however many people.
    """
    instant = now or timezone.now()
    keys = {each: person.pk for person in people for each in _keys(person)}
    segments = _segments(keys, instant.date() - timedelta(days=1))
    if not segments:
        return {person.pk: [] for person in people}
    last = max(days_span(until, until, each.track.program.site.zone).end for each in segments.values())
    ahead, bookings, hours = read(
        [_ahead_of(segments.values(), instant, last), *_held(keys, Span(instant - DAY, last + DAY))]
    )
    sessions = _by_program(ahead, segments.values(), since)
    rows, own = _by_person(bookings, hours, keys)
    return {
        person.pk: _fitting(segments[person.pk], sessions, rows[person.pk], own[person.pk])
        if person.pk in segments
        else []
        for person in people
    }


def _keys(person: Person) -> list[int]:
    """The person with their other rows, where these were read."""
    known: list[int] = person.__dict__.get("all_ids") or [person.pk]
    return known


def _segments(keys: Mapping[int, int], day: date) -> dict[int, Segment]:
    """The open stretch of treatment by person; program, terms and site come along."""
    rows = (
        Segment.objects.filter(episode__person__in=keys, episode__ended_at__isnull=True)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .select_related("episode", "track__program__site")
        .prefetch_related("track__program__terms")
        .order_by("starts_on", "pk")
    )
    return {keys[row.episode.person_id]: row for row in rows}


def _ahead_of(segments: Iterable[Segment], now: datetime, last: datetime) -> QuerySet[Session]:
    """Sessions ahead of several people: of their programs, and those outside any group."""
    rows = list(segments)
    programs = {row.track.program_id for row in rows}
    loose = Q(group__isnull=True, cap__gt=1, site__in={row.track.program.site_id for row in rows})
    return (
        Session.objects.with_taken()
        .filter(loose | Q(group__track__program__in=programs), status=Session.Status.PLANNED)
        .filter(during__startswith__gt=now, during__startswith__lt=last)
        .select_related("room", "service", "group__track")
        .order_by("during", "title")
    )


def _by_program(
    sessions: Iterable[Session], segments: Iterable[Segment], since: date | None
) -> dict[int, list[Session]]:
    """By program; those outside any group by minus the site."""
    sites = {row.track.program.site_id: row.track.program.site for row in segments}
    found: dict[int, list[Session]] = defaultdict(list)
    for row in sessions:
        row.site = sites.get(row.site_id) or row.site
        if since is not None and local_day(row.span.start, row.site.zone) < since:
            continue
        found[row.group.track.program_id if row.group and row.group.track else -row.site_id].append(row)
    return found


def _held(keys: Collection[int], span: Span) -> list[QuerySet[Any, Any]]:
    """What each of them is booked into or said no to, and their own hours."""
    said_no = Q(status=Booking.Status.CANCELLED, cancel_kind=Booking.Ended.PERSON)
    return [
        Booking.objects.filter(Q(status=Booking.Status.BOOKED) | said_no, person__in=keys)
        .filter(during__overlap=to_range(span))
        .values_list("person_id", "session_id", "during", "session__breaks", "status"),
        OwnHours.objects.filter(person__in=keys),
    ]


def _by_person(
    bookings: Iterable[Any], own: Iterable[OwnHours], keys: Mapping[int, int]
) -> tuple[dict[int, list[Booked]], dict[int, list[Busy]]]:
    rows: dict[int, list[Booked]] = defaultdict(list)
    for person, session, during, breaks, status in bookings:
        booked = status == Booking.Status.BOOKED
        rows[keys[person]].append((session, to_span(during), read_breaks(breaks), booked))
    hours: dict[int, list[Busy]] = defaultdict(list)
    for each in own:
        hours[keys[each.person_id]].append(busy(each))
    return rows, hours


def _fitting(
    segment: Segment, sessions: Mapping[int, list[Session]], booked: Iterable[Booked], own: Iterable[Busy]
) -> list[SeatFound]:
    program = segment.track.program
    rows = [*sessions.get(program.pk, ()), *sessions.get(-program.site_id, ())]
    if not rows:
        return []
    zone = program.site.zone
    week = _week(segment, rows, list(booked), list(own), zone)
    found = []
    for session in sorted(rows, key=lambda row: row.span):
        day = local_day(session.span.start, zone)
        ahead = _ahead(session, day)
        if free_for(ahead, week):
            words = when(session.span, zone)
            counts = session.service.counts_on(day)
            found.append(SeatFound(session, day, words, ahead.minutes, counts, ahead.left))
    return found


def _week(
    segment: Segment, sessions: list[Session], booked: list[Booked], own: list[Busy], zone: ZoneInfo
) -> Week:
    days = [local_day(row.span.start, zone) for row in sessions]
    terms = terms_on(segment.track.program, min(days))
    return Week(
        booked=tuple((local_day(span.start, zone), span, pause) for _id, span, pause, on in booked if on),
        own=tuple(span for _busy, span in busy_spans(own, zone, since=min(days), until=max(days))),
        refused=tuple(span for _id, span, _pause, on in booked if not on),
        since=segment.starts_on,
        until=segment.ends_on,
        day_most=int(terms.hours_day_max * 60) if terms else None,
    )


def _ahead(session: Session, day: date) -> Ahead:
    return Ahead(
        session.span,
        day,
        clinical_minutes(session),
        topic_of(session),
        session.service.key,
        max(session.places - session.taken, 0),
    )


def _like(missed: Session) -> Like:
    day = local_day(missed.span.start, missed.site.zone)
    return Like(day, topic_of(missed), missed.service.key)


def standing_seats(*, episode: int, on: date) -> list[Seat]:
    """Group, weekday and countable minutes, in the order of the week; one query."""
    enrolled = Enrollment.objects.standing(on).filter(segment__episode=episode)
    series = (
        Series.objects.filter(group__in=enrolled.order_by().values("group"))
        .filter(Q(last_day__isnull=True) | Q(last_day__gte=on))
        .select_related("group__service")
        .order_by("starts", "id")
    )
    standing, rows = alone(both(all_of(enrolled), all_of(series)))
    held = {(row.group_id, weekday) for row in standing for weekday in row.weekdays}
    found = [
        Seat(row.group.name, weekday, minutes_of_series(row, weekday))
        for row in rows
        for weekday in row.weekdays
        if (row.group_id, weekday) in held
    ]
    return sorted(found, key=lambda seat: seat.weekday)
