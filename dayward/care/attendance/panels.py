"""Panels this package puts on the chart, the portal and the first screen."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dayward.care.attendance.queries import next_of, read_rolls, read_sum
from dayward.care.schedule.permissions import EDIT
from dayward.care.schedule.queries import read_led_today
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of


def week_context(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """This week's minutes against the floor."""
    week = yield from read_sum(person, today_at(person))
    return {"week": week}


def today_context(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """The sessions I lead today, in each site's own day, with how far the roll is."""
    sites = yield from all_of(Site.objects.filter(staff=request.staff))
    sessions = yield from read_led_today(request.staff, sites, timezone.now())
    if not sessions and request.may(EDIT):
        return None  # who answers for the week sees all sessions; nothing is missing here
    rolls = yield from read_rolls(sessions)
    return {"rolls": rolls, "next": next_of(rolls)}
