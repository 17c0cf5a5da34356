"""Which times can be offered for an assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from dayward.care.journey.calendars import calendars
from dayward.care.journey.models import AssessmentSlot
from dayward.care.journey.rules.slots import Span, free_starts
from dayward.care.journey.rules.waiting import is_soon, show_rate
from dayward.foundation.access.queries import staff_with_role
from dayward.foundation.access.roles import ASSESSING_ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Credential, StaffMember
from dayward.kernel.time import at, local_day

# Who may assess and diagnose; the signing rules of the chart decide in the end.
ASSESSORS = (
    Credential.Kind.PSYCHIATRIST,
    Credential.Kind.NURSE_PRACTITIONER,
    Credential.Kind.PSYCHOLOGIST,
    Credential.Kind.SOCIAL_WORKER,
    Credential.Kind.COUNSELOR,
    Credential.Kind.MARRIAGE_FAMILY,
    Credential.Kind.ADDICTION_COUNSELOR,
)
LASTS = timedelta(minutes=90)
LOOK_AHEAD = timedelta(days=10)


@dataclass(frozen=True)
class FreeSlot:
    """A time that can be offered, with the share of people who come when it is that far away (6.6)."""

    clinician: StaffMember
    starts: datetime
    soon: bool
    show_percent: int

    @property
    def key(self) -> str:
        """The value of this time in a form."""
        return f"{self.clinician.public_id} {self.starts.isoformat()}"


def assessors(site: Site, day: datetime) -> list[StaffMember]:
    """Clinicians of the site whose role lets them assess, and whose credential does and is valid."""
    return list(assessors_at([site], day, local_day(day, site.zone)))


def assessors_at(sites: Collection[Site], now: datetime, day: date) -> QuerySet[StaffMember]:
    """The same of several sites, on the day that the reader has."""
    valid = Credential.objects.filter(kind__in=ASSESSORS).exclude(expires_on__lt=day)
    staff = staff_with_role(*ASSESSING_ROLES, at=now).filter(sites__in=sites, pk__in=valid.values("staff"))
    return staff.distinct().order_by("family", "given")


def free_slots(
    staff: Sequence[StaffMember], site: Site, *, now: datetime, asked_at: datetime, most: int = 12
) -> list[FreeSlot]:
    """Of these clinicians the soonest times, at most two a day for each, so that a choice of days is left."""
    until = now + LOOK_AHEAD
    ids = [each.pk for each in staff]
    working, taken = _working(ids, site, now, until), _taken(ids, now, until)
    found: list[FreeSlot] = []
    for each in staff:
        starts = free_starts(working.get(each.pk, []), taken.get(each.pk, []), lasts=LASTS, after=now)
        found += _two_a_day(each, list(starts), site, asked_at)
    return _some_each_day(sorted(found, key=lambda slot: (slot.starts, slot.clinician.family)), site)[:most]


def _some_each_day(slots: list[FreeSlot], site: Site, most: int = 4) -> list[FreeSlot]:
    """Not everything of the first day: people need a choice of days."""
    seen: Counter[date] = Counter()
    kept = []
    for slot in slots:
        day = local_day(slot.starts, site.zone)
        if seen[day] < most:
            kept.append(slot)
        seen[day] += 1
    return kept


def _two_a_day(
    clinician: StaffMember, starts: list[datetime], site: Site, asked_at: datetime
) -> list[FreeSlot]:
    """The first time of each day, and the first that does not touch it."""
    kept: dict[date, list[datetime]] = {}
    for start in starts:
        same_day = kept.setdefault(local_day(start, site.zone), [])
        if not same_day or (len(same_day) == 1 and start - same_day[0] >= LASTS * 2):
            same_day.append(start)
    return [
        FreeSlot(clinician, start, is_soon(start, asked_at), round(100 * show_rate(start - asked_at)))
        for same_day in kept.values()
        for start in same_day
    ]


def _working(ids: Sequence[int], site: Site, since: datetime, until: datetime) -> dict[int, list[Span]]:
    for calendar in calendars.values():
        return calendar.working(ids, site, since, until)
    days = (local_day(since, site.zone) + timedelta(days=number) for number in range(LOOK_AHEAD.days))
    office = [
        Span(at(day, time(9), site.zone), at(day, time(17), site.zone)) for day in days if day.weekday() < 5
    ]
    return dict.fromkeys(ids, office)


def _taken(ids: Sequence[int], since: datetime, until: datetime) -> dict[int, list[Span]]:
    taken: dict[int, list[Span]] = {key: [] for key in ids}
    own = AssessmentSlot.objects.filter(
        clinician__in=ids, status=AssessmentSlot.Status.BOOKED, during__overlap=(since, until)
    )
    for slot in own:
        taken[slot.clinician_id].append(Span(slot.during.lower, slot.during.upper))
    for calendar in calendars.values():
        for key, spans in calendar.taken(ids, since, until).items():
            taken[key] += spans
    return taken
