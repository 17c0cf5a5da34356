"""What a person can choose from: the groups of a track by day, with times, minutes and seats left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Protocol

from django.db.models import Q

from dayward.care.catalog.models import Track
from dayward.care.schedule.models import Enrollment, Group, Series, Session
from dayward.care.schedule.queries.collisions import (
    as_held,
    held_by,
    own_hours_of,
    own_hours_sentence,
    person_sentence,
)
from dayward.care.schedule.rules.own_hours import conflicts
from dayward.care.schedule.rules.seats import Fit, fit
from dayward.care.schedule.rules.typical import Slot, slots, weekly_minutes
from dayward.care.schedule.times import hull, read_clocks
from dayward.foundation.people.models import Person


class Chosen(Protocol):
    """A group and weekdays of it."""

    @property
    def group(self) -> Group: ...

    @property
    def weekdays(self) -> Collection[int]: ...


def running_series(groups: Iterable[Group], on: date) -> list[Series]:
    """The series that meet on `on` or later."""
    rows = Series.objects.filter(group__in=list(groups)).filter(
        Q(last_day__isnull=True) | Q(last_day__gte=on)
    )
    return list(
        rows.select_related("group__service", "room").prefetch_related("facilitators").order_by("starts")
    )


def _slots(series: Series, weekdays: Collection[int]) -> tuple[Slot, ...]:
    days = set(series.weekdays) & set(weekdays)
    counts = series.group.service.counts
    return slots(days, series.starts, series.ends, read_clocks(series.breaks), counts=counts)


def minutes_of_choice(person: Person, choices: Sequence[Chosen], on: date) -> int:
    """Countable minutes of a typical week: the chosen groups and those the person is in already."""
    wanted: dict[int, set[int]] = defaultdict(set)
    standing = Enrollment.objects.standing(on).filter(person=person, starts_on__lte=on + timedelta(days=6))
    for group, days in standing.values_list("group_id", "weekdays"):
        wanted[group] |= set(days)
    for choice in choices:
        wanted[choice.group.pk] |= set(choice.weekdays)
    groups = Group.objects.filter(pk__in=wanted)
    return weekly_minutes(
        slot for each in running_series(groups, on) for slot in _slots(each, wanted[each.group_id])
    )


@dataclass(frozen=True)
class Offer:
    """One group on one weekday, as an enroll page offers it."""

    group: Group
    weekday: int
    starts: time
    ends: time
    room: str
    leaders: str
    minutes: int
    places: int
    left: int  # the fewest seats left in the sessions to come
    first: date | None
    enrolled: bool = False
    own_hours: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What a form sends back."""
        return f"{self.group.public_id}:{self.weekday}"

    @property
    def start_minute(self) -> int:
        return self.starts.hour * 60 + self.starts.minute

    @property
    def end_minute(self) -> int:
        return self.ends.hour * 60 + self.ends.minute


def offers(track: Track, *, since: date) -> list[Offer]:
    """Every group and day of a track from `since`, with seats left; in the order of the week."""
    groups = Group.objects.filter(track=track).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=since))
    series = running_series(groups, since)
    seats = _seats(series, since)
    found = []
    for each in series:
        for slot in _slots(each, range(1, 8)):
            left, places, first = seats.get((each.pk, slot.weekday), (0, each.group.cap, None))
            found.append(
                Offer(
                    group=each.group,
                    weekday=slot.weekday,
                    starts=each.starts,
                    ends=each.ends,
                    room=each.room.name if each.room else "",
                    leaders=", ".join(leader.name for leader in each.facilitators.all()),
                    minutes=weekly_minutes([slot]),
                    places=places,
                    left=left,
                    first=first,
                )
            )
    return sorted(found, key=lambda offer: (offer.weekday, offer.starts, offer.group.name))


def _seats(series: Iterable[Series], since: date) -> dict[tuple[int, int], tuple[int, int, date | None]]:
    """By series and weekday: the fewest seats left ahead, the places, and the first day."""
    rows = (
        Session.objects.ahead()
        .filter(series__in=[each.pk for each in series], series_day__gte=since, status=Session.Status.PLANNED)
        .select_related("room")
        .with_taken()
        .order_by("series_day")
    )
    found: dict[tuple[int, int], tuple[int, int, date | None]] = {}
    for row in rows:
        if row.series_id is None or row.series_day is None:
            continue
        key = (row.series_id, row.series_day.isoweekday())
        left = max(row.places - row.taken, 0)
        known = found.get(key)
        found[key] = (
            (min(left, known[0]), known[1], known[2]) if known else (left, row.places, row.series_day)
        )
    return found


def offers_for(person: Person, track: Track, *, since: date) -> list[Offer]:
    """The same, with what stands against it for this person: own hours, other bookings, already enrolled."""
    plain = offers(track, since=since)
    seats = {
        (group, day)
        for group, days in Enrollment.objects.standing(since)
        .filter(person=person)
        .values_list("group_id", "weekdays")
        for day in days
    }
    ahead = _sessions_ahead({offer.group.pk for offer in plain}, since)
    against = _against(person, track, ahead)
    return [
        replace(
            offer,
            enrolled=(offer.group.pk, offer.weekday) in seats,
            own_hours=against.own_hours.get((offer.group.pk, offer.weekday), ()),
            blocked=()
            if (offer.group.pk, offer.weekday) in seats
            else against.blocked.get((offer.group.pk, offer.weekday), ()),
        )
        for offer in plain
    ]


def _sessions_ahead(groups: Collection[int], since: date) -> list[Session]:
    rows = Session.objects.ahead().filter(
        group__in=groups, series_day__gte=since, status=Session.Status.PLANNED
    )
    return list(rows.order_by("during"))


@dataclass(frozen=True)
class _Against:
    own_hours: dict[tuple[int, int], tuple[str, ...]]
    blocked: dict[tuple[int, int], tuple[str, ...]]


def _against(person: Person, track: Track, sessions: Sequence[Session]) -> _Against:
    if not sessions:
        return _Against({}, {})
    zone = track.program.site.zone
    held = held_by([person.pk], hull(session.span for session in sessions))[person.pk]
    rows = {each.pk: each for each in held}
    own = own_hours_of(person)
    hours: dict[tuple[int, int], list[str]] = defaultdict(list)
    blocked: dict[tuple[int, int], list[str]] = defaultdict(list)
    for session in sessions:
        if session.group_id is None or session.series_day is None:
            continue
        key = (session.group_id, session.series_day.isoweekday())
        how, touched = fit(session.span, as_held(held))
        if how in (Fit.BLOCKED, Fit.INSIDE):
            blocked[key] += [person_sentence(person, rows[one.id], zone) for one in touched]
        if key not in hours:
            hours[key] = [
                own_hours_sentence(person, span, busy, zone)
                for span, busy in conflicts(own, [session.span], zone)
            ]
    return _Against({k: tuple(v) for k, v in hours.items()}, {k: tuple(v[:3]) for k, v in blocked.items()})
