"""What the journey hears of the roll: the days of clinical services that were delivered, or were not after all."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Min, Q

from dayward.care.attendance.models import Interval
from dayward.care.attendance.services.weeks import refresh_weeks
from dayward.care.journey import services as journey
from dayward.care.journey.models import Episode, Segment
from dayward.care.schedule.models import Booking
from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.people.models import StaffMember
from dayward.kernel.time import local_day


def tell_journey(booking: Booking, author: StaffMember, at: datetime) -> None:
    """A clinical service was delivered: the first one starts the episode's clocks (T13)."""
    session = booking.session
    if not session.service.clinical or at < session.span.start or author.user is None:
        return
    episode = episode_of(booking)
    if episode is not None:
        day, actor = local_day(session.span.start, session.site.zone), staff_actor(author.user)
        told = journey.note_service(episode=episode, on=day, actor=actor, at=at)
        _count_from_first(actor, episode, told)


def _count_from_first(actor: Actor, before: Episode, after: Episode) -> None:
    """On the first day of service hang rolling weeks, and which week is the first: all of the stay is counted anew."""
    if before.first_service_on == after.first_service_on:
        return
    rows = Segment.objects.filter(episode=after).aggregate(first=Min("starts_on"))
    days = [day for day in (before.first_service_on, after.first_service_on, rows["first"]) if day]
    if days:
        refresh_weeks(actor=actor, people=[after.person_id], since=min(days))


def episode_of(booking: Booking) -> Episode | None:
    """The episode a booking belongs to: that of its enrollment, or the one open at the session."""
    if booking.enrollment_id is not None:
        return Episode.objects.get(segments__enrollments=booking.enrollment_id)
    end = booking.session.span.end
    rows = Episode.objects.filter(person_id=booking.person_id, admitted_at__lte=end)
    return rows.exclude(ended_at__lt=booking.session.span.start).order_by("-admitted_at").first()


def take_back_from_journey(booking: Booking, author: StaffMember, at: datetime) -> None:
    """A row was a mistake: where it was the first or last service of the episode, the days are told anew."""
    session = booking.session
    if not session.service.clinical or author.user is None:
        return
    episode = episode_of(booking)
    day = local_day(session.span.start, session.site.zone)
    if episode is None or day not in (episode.first_service_on, episode.last_service_on):
        return
    days = _service_days(episode, at)
    first, last = min(days, default=None), max(days, default=None)
    if (first, last) != (episode.first_service_on, episode.last_service_on):
        actor = staff_actor(author.user)
        told = journey.take_back_service(episode=episode, first=first, last=last, actor=actor, at=at)
        _count_from_first(actor, episode, told)


def _service_days(episode: Episode, at: datetime) -> set[date]:
    """The days on which a clinical service of the episode was delivered, as the rows say now."""
    single = Q(booking__enrollment=None, session__during__endswith__gte=episode.admitted_at)
    if episode.ended_at:
        single &= Q(session__during__startswith__lte=episode.ended_at)
    rows = Interval.objects.standing().filter(
        Q(booking__enrollment__segment__episode=episode) | single,
        person_id__in=episode.person.all_ids,  # also of the enrolled, so that only their own rows are looked at
        session__service__clinical=True,
        session__during__startswith__lte=at,
    )
    held = rows.values_list("session__during", "session__site__time_zone").distinct()
    return {local_day(during.lower, ZoneInfo(zone)) for during, zone in held}
