"""What a person can choose from: the groups of a track by day, with times, minutes and seats left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Track
from dayward.care.schedule.models import Booking, Enrollment, Group, OwnHours, Series, Session
from dayward.care.schedule.queries.collisions import (
    as_held,
    busy,
    held_by,
    own_hours_sentence,
)
from dayward.care.schedule.rules.own_hours import Busy, conflicts
from dayward.care.schedule.rules.seats import Fit, fit
from dayward.care.schedule.rules.typical import Slot, minute_of_day, slots, weekly_minutes
from dayward.care.schedule.times import read_clocks, to_span
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import read
from dayward.kernel.spans import Span
from dayward.kernel.time import at, local_day

LOOK_AHEAD = timedelta(days=84)  # beyond what series have made
LOOK_BACK = timedelta(days=91)  # who led no visit for a quarter is offered none like it


class Chosen(Protocol):
    """A group and weekdays of it."""

    @property
    def group(self) -> Group: ...

    @property
    def weekdays(self) -> Collection[int]: ...


def minutes_of_choice(person: Person, choices: Sequence[Chosen], on: date) -> int:
    """Countable minutes of a typical week: the chosen groups and those the person is in already."""
    wanted: dict[int, set[int]] = defaultdict(set)
    standing = Enrollment.objects.standing(on).filter(person=person, starts_on__lte=on + timedelta(days=6))
    for group, days in standing.values_list("group_id", "weekdays"):
        wanted[group] |= set(days)
    for choice in choices:
        wanted[choice.group.pk] |= set(choice.weekdays)
    rows = Series.objects.filter(group__in=wanted).filter(Q(last_day__isnull=True) | Q(last_day__gte=on))
    return weekly_minutes(
        slot for row in rows.select_related("group__service") for slot in _slots(row, wanted[row.group_id])
    )


def minutes_of_series(series: Series, weekday: int) -> int:
    """Countable minutes of one weekday of a series."""
    return weekly_minutes(_slots(series, {weekday}))


def _slots(series: Series, weekdays: Collection[int]) -> tuple[Slot, ...]:
    days = set(series.weekdays) & set(weekdays)
    counts = series.group.service.counts
    return slots(days, series.starts, series.ends, read_clocks(series.breaks), counts=counts)


@dataclass(frozen=True)
class Offer:
    """One group on one weekday, as an enroll page offers it."""

    group: Group
    weekday: int
    starts: time
    ends: time
    room: str
    leaders: str
    slot: Slot
    places: int
    left: int  # the fewest seats left in the sessions to come
    first: date
    enrolled: bool = False
    own_hours: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What a form sends back."""
        return f"{self.group.public_id}:{self.weekday}"

    @property
    def minutes(self) -> int:
        """Countable minutes of this day."""
        return weekly_minutes([self.slot])


Key = tuple[int, int]  # series, weekday


@dataclass(frozen=True)
class _Ahead:
    """The sessions to come of some tracks, by track, series and weekday; and who leads each series."""

    sessions: dict[int, dict[Key, list[Session]]]
    leaders: dict[int, list[str]]

    def offer(self, key: Key, sessions: Sequence[Session], against: _Against | None = None) -> Offer:
        series, weekday = key
        return _offer(weekday, sessions, ", ".join(self.leaders[series]), against or _Against())


def _ahead(tracks: Iterable[Track], since: date) -> _Ahead:
    """One statement. By way of the series: few of them are of a track, and each knows its days."""
    of_tracks = Series.objects.filter(group__track__in=list(tracks))
    sessions, rhythms, leading = read(
        [
            Session.objects.ahead()
            .with_taken()
            .filter(series__in=of_tracks, status=Session.Status.PLANNED, series_day__gte=since)
            .select_related("room")
            .only("during", "cap", "modality", "series", "series_day", "room__name", "room__seats")
            .order_by("during"),
            of_tracks.select_related("group__service"),
            Series.facilitators.through.objects.filter(series__in=of_tracks)
            .select_related("staffmember")
            .order_by("staffmember__family"),
        ]
    )
    series = {row.pk: row for row in rhythms}
    found: dict[int, dict[Key, list[Session]]] = defaultdict(lambda: defaultdict(list))
    for row in sessions:
        row.series = series[row.series_id]
        found[row.series.group.track_id][row.series_id, row.series_day.isoweekday()].append(row)
    leaders: dict[int, list[str]] = defaultdict(list)
    for each in leading:
        leaders[each.series_id].append(each.staffmember.name)
    return _Ahead(found, leaders)


def offers(tracks: Iterable[Track], *, since: date) -> dict[int, list[Offer]]:
    """By track: every group and day from `since` with its seats, in the order of the week; one statement."""
    ahead = _ahead(tracks, since)
    return {
        track: _in_order(ahead.offer(key, sessions) for key, sessions in by_series.items())
        for track, by_series in ahead.sessions.items()
    }


def _in_order(rows: Iterable[Offer]) -> list[Offer]:
    return sorted(rows, key=lambda offer: (offer.weekday, offer.starts, offer.group.name))


def _offer(weekday: int, sessions: Sequence[Session], leaders: str, known: _Against) -> Offer:
    first = sessions[0]
    series = first.series
    assert series is not None
    assert first.series_day is not None
    group = series.group
    (slot,) = slots(
        [weekday], series.starts, series.ends, read_clocks(series.breaks), counts=group.service.counts
    )
    return Offer(
        group=group,
        weekday=weekday,
        starts=series.starts,
        ends=series.ends,
        room=first.room.name if first.room else "",
        leaders=leaders,
        slot=slot,
        places=first.places,
        left=min(max(each.places - each.taken, 0) for each in sessions),
        first=first.series_day,
        enrolled=known.enrolled,
        own_hours=known.own_hours,
        blocked=known.blocked,
    )


# -- for one person --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Against:
    """What stands against one offer."""

    enrolled: bool = False
    own_hours: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """Everything an enroll page shows of a track for one person; three queries."""

    offers: list[Offer]
    bookings: list[Booking]  # standing, from `since` on
    own: list[Busy]
    others: tuple[Slot, ...] = field(default=())  # standing seats outside the track, in the first week

    def weekly(self, chosen: Iterable[Offer]) -> int:
        """Countable minutes of a week with the chosen offers and every seat held already."""
        held = [offer.slot for offer in self.offers if offer.enrolled]
        return weekly_minutes([*held, *self.others, *(offer.slot for offer in chosen)])


def board(person: Person, track: Track, *, since: date) -> Board:
    """The offers with what stands against each: own hours, other bookings, already enrolled."""
    zone = track.program.site.zone
    ahead = _ahead([track], since)
    by_series = ahead.sessions.get(track.pk, {})
    whole = _whole(since, track)
    held = held_by([person.pk], whole)[person.pk]
    own = [busy(row) for row in OwnHours.objects.filter(person=person)]
    rows = [
        ahead.offer(key, sessions, _against(person, sessions, held, own, zone))
        for key, sessions in by_series.items()
    ]
    here = {session.pk for sessions in by_series.values() for session in sessions}
    week = Span(whole.start, whole.start + timedelta(days=7))
    others = tuple(
        Slot(local_day(span.start, zone).isoweekday(), *_minutes(span, track))
        for row in held
        if row.enrollment_id and row.session_id not in here and (span := to_span(row.during)).overlaps(week)
    )
    return Board(_in_order(rows), held, own, others)


def _whole(since: date, track: Track) -> Span:
    start = at(since, time(0), track.program.site.zone)
    return Span(start, start + LOOK_AHEAD)


def _minutes(span: Span, track: Track) -> tuple[int, int]:
    zone = track.program.site.zone
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return minute_of_day(start.time()), minute_of_day(end.time())


def _against(
    person: Person,
    sessions: Sequence[Session],
    held: Sequence[Booking],
    own: Sequence[Busy],
    zone: ZoneInfo,
) -> _Against:
    by_session = {row.session_id: row for row in held}
    if any(session.pk in by_session and by_session[session.pk].enrollment_id for session in sessions):
        return _Against(enrolled=True)
    known, rows = as_held(held), {row.pk: row for row in held}
    blocked = [
        _("Has “%(title)s” then.") % {"title": rows[one.id].session.title}
        for session in sessions
        if (found := fit(session.span, known))[0] in (Fit.BLOCKED, Fit.INSIDE)
        for one in found[1]
    ]
    first = sessions[0].span
    hours = [own_hours_sentence(person, span, each, zone) for span, each in conflicts(own, [first], zone)]
    return _Against(own_hours=tuple(hours), blocked=tuple(dict.fromkeys(blocked))[:3])


def last_visit_of(staff: StaffMember, site: Site) -> Session | None:
    """The latest session of one person that `staff` led of late or will lead there: what the next is offered like."""
    recent = Q(leaders__staff=staff, leaders__during__startswith__gt=timezone.now() - LOOK_BACK)
    visits = Session.objects.filter(recent, site=site, group=None, cap=1)
    return visits.order_by("-leaders__during__startswith").first()
