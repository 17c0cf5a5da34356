"""Groups, series and sessions made through the services, for tests and for looking at pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from dayward.care.catalog import services as catalog
from dayward.care.catalog.models import Room, ServiceKind, Track
from dayward.care.journey.factories import make_episode, make_track
from dayward.care.journey.models import Segment
from dayward.care.schedule import services
from dayward.care.schedule.models import Group, Series, Session
from dayward.care.schedule.queries.week import days_span
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.organization.factories import make_site
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.spans import Span
from dayward.kernel.time import at

SETUP = system_actor("setup")
_numbers = count(1)


def kind(key: str = "group-therapy") -> ServiceKind:
    catalog.load_library()
    return ServiceKind.objects.get(key=key)


def make_room(site: Site | None = None, name: str = "", seats: int = 14) -> Room:
    return catalog.add_room(
        actor=SETUP, site=site or make_site(), name=name or f"Room {next(_numbers)}", seats=seats
    )


def make_group(
    *, track: Track | None = None, name: str = "Coping skills", cap: int = 10, service: str = "group-therapy"
) -> Group:
    track = track or make_track()
    return services.open_group(
        actor=SETUP, site=track.program.site, track=track, name=name, service=kind(service), cap=cap
    )


def make_shape(group: Group, weekdays: Iterable[int] = (1, 3, 5), **fields: Any) -> services.Shape:
    """Mon, Wed, Fri 9:00-12:00 in a room of its own, led by somebody of its own."""
    plain = services.Shape(
        frozenset(weekdays),
        time(9),
        time(12),
        fields.pop("room", None) or make_room(group.site),
        fields.pop("facilitators", None) or (make_staff_with("facilitator", site=group.site),),
    )
    return replace(plain, **fields)


def make_series(
    group: Group | None = None, *, first_day: date | None = None, until: date | None = None, **shape: Any
) -> Series:
    group = group or make_group()
    return services.start_series(
        actor=SETUP,
        group=group,
        first_day=first_day or next_monday(group.site),
        shape=make_shape(group, **shape),
        until=until,
    )


def next_monday(site: Site, now: datetime | None = None) -> date:
    """The Monday after next at the site: clear of assessments, which are soon."""
    today = (now or timezone.now()).astimezone(site.zone).date()
    return today + timedelta(days=14 - today.weekday())


def make_segment(track: Track | None = None, *, starts_on: date | None = None, **fields: Any) -> Segment:
    """Somebody admitted to a track."""
    track = track or make_track()
    episode = make_episode(track=track, starts_on=starts_on or next_monday(track.program.site), **fields)
    return episode.segments.get()


def make_session(
    *,
    site: Site | None = None,
    day: date | None = None,
    clock: tuple[time, time] = (time(9), time(10)),
    leader: StaffMember | None = None,
    service: str = "individual-therapy",
    **fields: Any,
) -> Session:
    """One session outside any series, a week ahead unless told otherwise."""
    site = site or make_site()
    on = day or next_monday(site)
    span = Span(at(on, clock[0], site.zone), at(on, clock[1], site.zone))
    place = services.Place(span, fields.pop("room", None) or make_room(site))
    leaders = (leader or make_staff_with("therapist", site=site),)
    return services.add_session(
        actor=SETUP, site=site, service=kind(service), place=place, leaders=leaders, **fields
    )


def enrolled(
    person: Segment | Person,
    group: Group,
    weekdays: Iterable[int] = (1, 3, 5),
    *,
    actor: Actor = SETUP,
    **reasons: str,
) -> None:
    """Seats in a group for somebody admitted."""
    segment = person if isinstance(person, Segment) else Segment.objects.get(episode__person=person)
    services.enroll(
        actor=actor,
        segment=segment,
        choices=[services.Choice(group, frozenset(weekdays))],
        starts_on=segment.starts_on,
        reasons=services.EnrollReasons(**reasons),
    )


def sessions_on(group: Group, day: date) -> list[Session]:
    span = days_span(day, day, group.site.zone)
    return list(
        Session.objects.filter(
            group=group, during__startswith__gte=span.start, during__startswith__lt=span.end
        )
    )
