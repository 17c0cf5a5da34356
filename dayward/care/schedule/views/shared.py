"""What the pages of the week share: the site and day chosen, and whose names may be shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone

from dayward.care.schedule import permissions
from dayward.care.schedule.models import Booking, SessionStaff
from dayward.care.schedule.openers import AFTER, BEFORE
from dayward.care.schedule.times import LONGEST
from dayward.foundation.access.queries import open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.permissions import Permission
from dayward.kernel.time import local_day, written_day


def sites_of(request: StaffRequest, permission: Permission) -> list[Site]:
    """Where the permission holds; 404 where there is no site at all."""
    sites = request.powers.places(permission)
    if not sites:
        raise Http404
    return sites


def chosen_site(request: StaffRequest, sites: list[Site]) -> Site:
    """`?site=`, else the first of one's own sites."""
    wanted = request.GET.get("site") or request.POST.get("site")
    found = next((site for site in sites if site.public_id == wanted), None)
    if found:
        return found
    own = set(request.staff.sites.values_list("pk", flat=True))
    return next((site for site in sites if site.pk in own), sites[0])


def chosen_day(request: StaffRequest, zone: ZoneInfo) -> date:
    """`?day=`, else today at the site."""
    return written_day(request.GET.get("day", "")) or local_day(timezone.now(), zone)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def minutes_of_day(instant: datetime, zone: ZoneInfo) -> int:
    local = instant.astimezone(zone)
    return local.hour * 60 + local.minute


def end_minute(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """At most midnight, for a block on its day's column."""
    if end.astimezone(zone).date() > start.astimezone(zone).date():
        return 24 * 60
    return minutes_of_day(end, zone)


def people_open_to(request: StaffRequest, people: Collection[int]) -> set[int]:
    """Whose chart is open to the reader, in a few queries: role-wide duty, care team, sessions they lead.

    A role held at one site opens nobody at another.
    """
    powers = request.powers
    if not powers.has_chart_role or not people:
        return set()
    if any(one.role.role_wide_charts and one.site_id is None for one in powers.held):
        return set(people)
    rows = Person.objects.filter(pk__in=people).only("site")
    now = timezone.now()
    led = Booking.objects.standing().filter(
        person__in=people,
        during__startswith__gte=now - AFTER - LONGEST,
        during__startswith__lt=now + BEFORE,
        during__endswith__gt=now - AFTER,
        session__leaders__staff=request.staff,
        session__leaders__status=SessionStaff.Status.LEADS,
    )
    return open_charts(powers, rows, permissions.SEE) | set(led.values_list("person_id", flat=True))
