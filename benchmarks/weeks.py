"""How long one change of attendance takes, with everything that follows from it: the stored week and what is due."""

from __future__ import annotations

import time
from statistics import median

from django.db import transaction

from benchmarks.results import Result
from dayward.care.attendance import services
from dayward.care.attendance.models import Absence, Interval
from dayward.doors.cli.serve import keep_what_is_loaded
from dayward.foundation.audit.actors import staff_actor

CHANGES = 40
WARMING = 10  # they fill caches and compile patterns
GOAL_MILLISECONDS = 50.0


def measure() -> list[Result]:
    """The longest way: somebody was not there after all. Rows are replaced, the journey told, week and dues follow."""
    rows = (
        Interval.objects.standing()
        .filter(went_out__isnull=False, booking__status="booked", recorded_by__user__isnull=False)
        .select_related("booking", "recorded_by__user")
        .order_by("-came_in")
    )
    for row in rows[:WARMING]:
        _changed(row)
    keep_what_is_loaded()  # as the server does
    usual = round(median(_changed(row) for row in rows[:CHANGES]), 1)
    return [Result("a change of attendance, with its week and dues", usual, "ms", GOAL_MILLISECONDS)]


def _changed(row: Interval) -> float:
    """Milliseconds; nothing of it stays."""
    user = row.recorded_by.user
    assert user is not None
    with transaction.atomic():
        started = time.perf_counter()
        services.correct_absent(
            actor=staff_actor(user), booking=row.booking, kind=Absence.Kind.UNEXCUSED, reason="Measured"
        )
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds * 1000
