"""Sessions of a week: of one person, of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import Min, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dayward.care.schedule.models import Booking, Modality, OwnHours, Session, SessionStaff
from dayward.care.schedule.times import clock_range, day_in_words, read_breaks, to_span
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading, all_of, alone, first_of
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, at, local_day, week_start


def days_span(since: date, until: date, zone: ZoneInfo) -> Span:
    """From the start of `since` to the end of `until`, at the site."""
    return Span(at(since, time(0), zone), at(until + timedelta(days=1), time(0), zone))


@dataclass(frozen=True)
class Item:
    """One booking in a person's week. `plain_title` is what the person reads."""

    booking: str
    session: str
    day: date
    span: Span
    time: str
    title: str
    plain_title: str
    topic: str
    room: str
    site: str
    directions: str
    telehealth: bool
    join_link: str
    leaders: tuple[str, ...]
    counts: bool
    minutes: int
    cancelled: bool
    cancel_reason: str
    pulled_out_of: str = ""
    makes_up_for: str = ""  # "Process group" of Mon, Nov 23: the session that was missed


@dataclass(frozen=True)
class Day:
    day: date
    items: tuple[Item, ...]
    today: bool = False


@dataclass(frozen=True)
class PersonWeek:
    """A person's service week."""

    start: date
    end: date  # the last day
    days: tuple[Day, ...]
    own_hours: tuple[OwnHours, ...] = field(default=())

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for day in self.days for item in day.items)

    @property
    def earlier(self) -> date:
        return self.start - timedelta(days=7)

    @property
    def later(self) -> date:
        return self.start + timedelta(days=7)


def week_for(
    person: Person,
    day: date,
    *,
    zone: ZoneInfo | None = None,
    definition: WeekDefinition = WeekDefinition.SUNDAY,
) -> PersonWeek:
    """The week that holds `day`: what is booked, and what the program canceled. Two queries."""
    return alone(read_week_for(person, day, zone=zone, definition=definition))


def read_week_for(
    person: Person,
    day: date,
    *,
    zone: ZoneInfo | None = None,
    definition: WeekDefinition = WeekDefinition.SUNDAY,
) -> Reading[PersonWeek]:
    where = zone or (person.site.zone if person.site else ZoneInfo("UTC"))
    start = week_start(day, definition)
    span = days_span(start, start + timedelta(days=6), where)
    bookings = yield from all_of(with_leaders(bookings_of(person, span)))
    return week_of_bookings(bookings, start, where)


def week_of_bookings(rows: Iterable[Booking], start: date, zone: ZoneInfo) -> PersonWeek:
    """Bookings already read, as the week from `start`."""
    today = local_day(timezone.now(), zone)
    items = [_item(row, zone) for row in rows]
    days = tuple(
        Day(each, tuple(item for item in items if item.day == each), each == today)
        for each in (start + timedelta(days=n) for n in range(7))
    )
    return PersonWeek(start, start + timedelta(days=6), days)


def read_next_of(person: Person, until: date, now: datetime) -> Reading[Item | None]:
    """What the person goes to next, up to that day; what is under way is next still."""
    zone = person.site.zone if person.site else ZoneInfo("UTC")
    span = days_span(local_day(now, zone) - timedelta(days=1), until, zone)
    ahead = bookings_of(person, span).filter(status=Booking.Status.BOOKED, during__endswith__gt=now)
    found = yield from first_of(with_leaders(ahead))
    return _item(found, zone) if found else None


def with_leaders(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return bookings.prefetch_related(
        Prefetch("session__leaders", SessionStaff.objects.select_related("staff"))
    )


def bookings_of(person: Person, span: Span) -> QuerySet[Booking]:
    """Standing bookings that begin in `span`, and those the program called off."""
    called_off = Q(status=Booking.Status.CANCELLED, cancel_kind=Booking.Ended.PROGRAM)
    return (
        Booking.objects.filter(Q(status=Booking.Status.BOOKED) | called_off, person_id__in=person.all_ids)
        .filter(during__startswith__gte=span.start, during__startswith__lt=span.end)
        .select_related(
            "session__service",
            "session__room",
            "session__site",
            "pulled_out_of__session",
            "makes_up_for__session",
        )
        .order_by("during")
    )


def made_up(booking: Booking, zone: ZoneInfo) -> str:
    """The missed session a booking makes up for, in words; nothing where it is no make-up."""
    missed = booking.makes_up_for
    if missed is None:
        return ""
    words = {"title": missed.session.title, "day": day_in_words(to_span(missed.during).start, zone)}
    return _("%(title)s of %(day)s") % words


def _item(row: Booking, zone: ZoneInfo) -> Item:
    session = row.session
    telehealth = session.modality == Modality.TELEHEALTH
    read = "leaders" in getattr(session, "_prefetched_objects_cache", {})  # not asked for one by one
    rows = session.leaders.all() if read else ()
    leaders = (each for each in rows if each.status == SessionStaff.Status.LEADS)
    return Item(
        booking=row.public_id,
        session=session.public_id,
        day=local_day(session.span.start, zone),
        span=session.span,
        time=clock_range(session.span, zone),
        title=session.title,
        plain_title=session.service.plain_name(get_language() or "en"),
        topic=session.topic,
        room=session.room.name if session.room and not telehealth else "",
        site=session.site.name,
        directions=session.site.directions,
        telehealth=telehealth,
        join_link=session.join_link,
        leaders=tuple(each.staff.name for each in leaders),
        counts=session.service.counts_on(local_day(session.span.start, zone)),
        minutes=clinical_minutes(session),
        cancelled=row.status == Booking.Status.CANCELLED,
        cancel_reason=row.cancel_reason if row.status == Booking.Status.CANCELLED else "",
        pulled_out_of=row.pulled_out_of.session.title if row.pulled_out_of else "",
        makes_up_for=made_up(row, zone),
    )


def clinical_minutes(session: Session) -> int:
    """Minutes of the session without its breaks, for planning; what counts is counted exactly elsewhere."""
    pause = sum((span.length for span in read_breaks(session.breaks)), timedelta())
    return int((session.span.length - pause).total_seconds() // 60)


def sessions_between(
    site: Site, since: date, until: date, *, staff: StaffMember | None = None, tracks: Iterable[int] = ()
) -> list[Session]:
    """The sessions of a site in days, with leaders and how many are booked (`taken`). Two queries."""
    span = days_span(since, until, site.zone)
    rows = (
        Session.objects.filter(site=site, during__startswith__gte=span.start, during__startswith__lt=span.end)
        .select_related("room", "group")
        .with_taken()
        .prefetch_related(Prefetch("leaders", SessionStaff.objects.select_related("staff")))
        .order_by("during", "title")
    )
    if staff:
        rows = rows.filter(leaders__staff=staff, leaders__status=SessionStaff.Status.LEADS)
    if chosen := list(tracks):
        rows = rows.filter(group__track__in=chosen)
    found = list(rows)
    for row in found:
        row.site = site
    return found


def within_today(sites: Iterable[Site], now: datetime) -> Q:
    """Of sessions: within the day that it is at each of these sites."""
    alike: dict[Span, list[int]] = defaultdict(list)
    for site in sites:
        day = local_day(now, site.zone)
        alike[days_span(day, day, site.zone)].append(site.pk)
    found = Q(pk__in=[])
    for span, keys in alike.items():
        found |= Q(site__in=keys, during__startswith__gte=span.start, during__startswith__lt=span.end)
    return found


def read_led_today(staff: StaffMember, sites: Collection[Site], now: datetime) -> Reading[list[Session]]:
    """What somebody leads today at these sites, with room and how many are booked (`taken`)."""
    leads = {"leaders__staff": staff, "leaders__status": SessionStaff.Status.LEADS}
    rows = Session.objects.filter(within_today(sites, now), **leads).select_related("room").with_taken()
    found = yield from all_of(rows.order_by("during", "title"))
    at_site = {site.pk: site for site in sites}
    for row in found:
        row.site = at_site[row.site_id]
    return found


def next_appointments_of(people: Collection[int]) -> dict[int, datetime]:
    """When each of them is expected next; nothing says for what."""
    rows = AHEAD.rows(people=list(people), now=timezone.now())
    return {row["person_id"]: row["next_start"] for row in rows}


AHEAD = Prepared(
    lambda: (
        Booking.objects.standing()
        .ahead(Slot("now"))
        .filter(Among("person", Slot("people")))
        .values("person_id")
        .annotate(next_start=Min(RangeStartsWith("during")))
    )
)
