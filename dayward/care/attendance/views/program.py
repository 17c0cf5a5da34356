"""This week in a program: who will miss the floor, by how much, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dayward.care.attendance import permissions
from dayward.care.attendance.queries.program_week import ProgramWeek, program_week
from dayward.care.catalog.models import Program
from dayward.care.schedule.permissions import ENROLL
from dayward.foundation.access.queries import read_open_charts
from dayward.foundation.access.requests import StaffRequest
from dayward.foundation.access.services import audit_list
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading
from dayward.kernel.permissions import requires
from dayward.kernel.time import local_day, written_day


@requires(permissions.WEEKS)
@require_safe
def weeks(request: StaffRequest) -> HttpResponse:
    """Everybody's week in a program against the floor, those who will miss it first"""
    theirs = request.powers.of_programs(permissions.WEEKS)
    programs = list(
        Program.objects.filter(theirs, site__in=request.powers.places(permissions.WEEKS), closed_on=None)
        .select_related("site")
        .order_by("name", "pk")
    )
    if not programs:
        return render(request, "attendance/weeks.html", {"programs": []})
    chosen = _chosen(programs, request.GET.get("program", ""))
    today = local_day(timezone.now(), chosen.site.zone)
    day = written_day(request.GET.get("day", "")) or today

    def open_to(people: Sequence[Person]) -> Reading[set[int]]:
        return read_open_charts(request.powers, people, permissions.READ)

    week = program_week(chosen, day, open_to=open_to)
    audit_list(request, [line.person for line in week.lines])
    return render(request, "attendance/weeks.html", _context(request, programs, week))


def _chosen(programs: Sequence[Program], public_id: str) -> Program:
    if not public_id:
        return programs[0]
    found = next((each for each in programs if each.public_id == public_id), None)
    if found is None:
        raise Http404
    return found


def _context(request: StaffRequest, programs: Sequence[Program], week: ProgramWeek) -> dict[str, Any]:
    start = min((line.frame.start for line in week.lines), default=week.day)
    return {
        "programs": programs,
        "chosen": week.program,
        "week": week,
        "start": start,
        "end": start + timedelta(days=6),
        "before": week.day - timedelta(days=7),
        "after": week.day + timedelta(days=7),
        "may_book": request.may(ENROLL),
        "rates": week.rates,
    }
