"""When staff work and when they are taken, for those who book assessments (journey asks)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dayward.care.catalog.queries import closed_days
from dayward.care.journey.rules.slots import Span as Stretch
from dayward.care.schedule.models import SessionStaff, StaffHours
from dayward.care.schedule.times import LONGEST
from dayward.foundation.organization.models import Site
from dayward.kernel.time import at, local_day

WEEKDAYS = (1, 2, 3, 4, 5)
USUAL = (time(9), time(17))  # of whom nobody has set hours for


class ScheduleCalendar:
    """Set hours and led sessions, by staff id."""

    def working(
        self, staff: Sequence[int], site: Site, since: datetime, until: datetime
    ) -> dict[int, list[Stretch]]:
        """Working hours at the site between two instants, on days on which it is open."""
        rows = list(StaffHours.objects.filter(staff__in=staff, site=site))
        known = {row.staff_id for row in rows}
        days = _open_days(site, local_day(since, site.zone), local_day(until, site.zone))
        found: dict[int, list[Stretch]] = {
            each: []
            if each in known
            else [_stretch(day, *USUAL, site) for day in days if day.isoweekday() in WEEKDAYS]
            for each in staff
        }
        for row in rows:
            found[row.staff_id] += [
                _stretch(day, row.starts, row.ends, site) for day in days if row.holds_on(day)
            ]
        return found

    def taken(self, staff: Sequence[int], since: datetime, until: datetime) -> dict[int, list[Stretch]]:
        """Sessions they lead."""
        found: dict[int, list[Stretch]] = {each: [] for each in staff}
        rows = SessionStaff.objects.filter(
            staff__in=staff,
            status=SessionStaff.Status.LEADS,
            during__startswith__gte=since - LONGEST,
            during__startswith__lt=until,
            during__endswith__gt=since,
        )
        for member, during in rows.values_list("staff_id", "during"):
            found[member].append(Stretch(during.lower, during.upper))
        return found


def _open_days(site: Site, since: date, until: date) -> list[date]:
    closed = closed_days(site, since, until)
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [day for day in days if day not in closed]


def _stretch(day: date, starts: time, ends: time, site: Site) -> Stretch:
    return Stretch(at(day, starts, site.zone), at(day, ends, site.zone))
