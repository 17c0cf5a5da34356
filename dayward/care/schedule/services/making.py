"""Rows of sessions, and seats for those who are enrolled. Internal to the services of this package."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.queries import closed_days
from dayward.care.journey.models import Episode
from dayward.care.schedule.events import seats_changed
from dayward.care.schedule.models import Booking, Enrollment, Series, Session, SessionStaff
from dayward.care.schedule.queries.collisions import as_held, held_by
from dayward.care.schedule.rules.recurrence import Meeting, Rhythm, meetings
from dayward.care.schedule.rules.seats import Fit, fit
from dayward.care.schedule.times import hull, read_clocks, store_breaks, to_range, to_span
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people.models import StaffMember

HORIZON = timedelta(days=56)  # how far ahead sessions and seats exist
PAUSED_STATES = ("on_hold",)


def rhythm_of(series: Series) -> Rhythm:
    return Rhythm(
        frozenset(series.weekdays),
        series.starts,
        series.ends,
        series.first_day,
        series.last_day,
        read_clocks(series.breaks),
    )


def missing_meetings(series: Series, *, since: date, until: date) -> tuple[Meeting, ...]:
    """What the series means to hold and has no session for."""
    site = series.group.site
    there = set(
        series.sessions.filter(series_day__gte=since, series_day__lte=until).values_list(
            "series_day", flat=True
        )
    )
    closed = closed_days(site, since, until)
    wanted = meetings(rhythm_of(series), site.zone, since=since, until=until, closed=closed)
    return tuple(each for each in wanted if each.day not in there)


def make_sessions(
    *, actor: Actor, series: Series, wanted: Sequence[Meeting], leaders: Iterable[StaffMember]
) -> list[Session]:
    """A session for each meeting, with its leaders and the people who are enrolled."""
    group = series.group
    sessions = Session.objects.bulk_create(
        Session(
            site_id=group.site_id,
            series=series,
            series_day=each.day,
            group=group,
            service_id=group.service_id,
            title=group.name,
            topic=group.topic,
            during=to_range(each.span),
            breaks=store_breaks(each.breaks),
            room_id=series.room_id,
            modality=series.modality,
            cap=group.cap,
            changed_by=actor.id,
        )
        for each in wanted
    )
    chosen = list(leaders)
    SessionStaff.objects.bulk_create(
        SessionStaff(session=session, staff=leader, during=session.during)
        for session in sessions
        for leader in chosen
    )
    seat_enrolled(actor=actor, enrollments=list(group.enrollments.running()), sessions=sessions)
    return sessions


@dataclass(frozen=True)
class Seated:
    made: int
    skipped: int  # the person has something else then; shown on their week


def seat_enrolled(
    *,
    actor: Actor,
    enrollments: Sequence[Enrollment],
    sessions: Sequence[Session],
    now: datetime | None = None,
) -> Seated:
    """Book everybody who is enrolled on that weekday, unless they have something else or said they cannot come."""
    paused = _paused(enrollments)
    active = [each for each in enrollments if each.pk not in paused]
    if not active or not sessions:
        return Seated(0, 0)
    spans = {session.pk: to_span(session.during) for session in sessions}
    rows = held_by({each.person_id for each in active}, hull(spans.values()))
    held = {person: as_held(bookings) for person, bookings in rows.items()}
    said_no = _cancelled_by_person({each.person_id for each in active}, list(spans))
    taken = taken_seats(list(spans))
    new: list[tuple[Booking, list[int]]] = []  # and the visits that lie inside
    skipped = 0
    for enrollment in active:
        for session in sessions:
            if not _expects(enrollment, session) or (session.pk, enrollment.person_id) in said_no:
                continue
            how, touched = fit(spans[session.pk], held[enrollment.person_id])
            if how not in (Fit.FREE, Fit.AROUND):
                skipped += 1
                continue
            seat = _standing_seat(actor, enrollment, session, taken, now or timezone.now())
            new.append((seat, [each.id for each in touched]))
    Booking.objects.bulk_create(seat for seat, _inner in new)
    for seat, inner in new:
        if inner:
            Booking.objects.filter(pk__in=inner).update(pulled_out_of=seat)
    first = min(span.start for span in spans.values())
    seats_changed(actor, (seat.person_id for seat, _inner in new), first)
    return Seated(len(new), skipped)


def _paused(enrollments: Sequence[Enrollment]) -> set[int]:
    episodes = Episode.objects.filter(state__in=PAUSED_STATES, segments__enrollments__in=enrollments)
    return set(
        Enrollment.objects.filter(
            pk__in=[e.pk for e in enrollments], segment__episode__in=episodes
        ).values_list("pk", flat=True)
    )


def _expects(enrollment: Enrollment, session: Session) -> bool:
    if enrollment.group_id != session.group_id or session.series_day is None:
        return False
    return session.series_day.isoweekday() in enrollment.weekdays and enrollment.covers(session.series_day)


def _cancelled_by_person(people: set[int], sessions: list[int]) -> set[tuple[int, int]]:
    rows = Booking.objects.filter(
        session__in=sessions, person__in=people, cancel_kind=Booking.Ended.PERSON
    ).values_list("session_id", "person_id")
    return set(rows)


def taken_seats(sessions: list[int]) -> dict[int, int]:
    """Standing bookings by session."""
    counts: dict[int, int] = dict.fromkeys(sessions, 0)
    for session in Booking.objects.filter(session__in=sessions, status=Booking.Status.BOOKED).values_list(
        "session_id", flat=True
    ):
        counts[session] += 1
    return counts


def _standing_seat(
    actor: Actor, enrollment: Enrollment, session: Session, taken: dict[int, int], now: datetime
) -> Booking:
    """A standing seat stays a seat: when the cap got smaller since, the booking says so."""
    taken[session.pk] += 1
    over = taken[session.pk] > session.places
    reason = enrollment.over_cap_reason or _("Standing seat, kept when the group got smaller")
    return Booking(
        session=session,
        person_id=enrollment.person_id,
        enrollment=enrollment,
        during=session.during,
        over_cap_reason=reason if over else "",
        own_hours_reason=enrollment.own_hours_reason,
        booked_at=now,
        booked_by=actor.id,
    )
