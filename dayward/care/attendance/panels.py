"""Panels this package puts on the chart, the portal and the first screen."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dayward.care.attendance.queries import next_of, read_sum, rolls_of
from dayward.care.schedule.models import Session
from dayward.care.schedule.permissions import EDIT
from dayward.care.schedule.queries import sessions_between
from dayward.foundation.access.requests import ChartRequest, StaffRequest
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.kernel.gathering import Reading, all_of
from dayward.kernel.time import local_day


def week_context(request: ChartRequest, person: Person) -> Reading[dict[str, Any]]:
    """This week's minutes against the floor."""
    week = yield from read_sum(person, today_at(person))
    return {"week": week}


def today_context(request: StaffRequest) -> Reading[dict[str, Any] | None]:
    """The sessions I lead today, in each site's own day, with how far the roll is."""
    sessions: list[Session] = []
    for site in (yield from all_of(Site.objects.filter(staff=request.staff))):
        today = local_day(timezone.now(), site.zone)
        sessions += sessions_between(site, today, today, staff=request.staff)
    if not sessions and request.may(EDIT):
        return None  # who answers for the week sees all sessions; nothing is missing here
    rolls = rolls_of(sorted(sessions, key=lambda row: row.span.start))
    return {"rolls": rolls, "next": next_of(rolls)}
