"""How long one change of attendance takes, with everything that follows from it: the stored week and what is due."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

from django.db import transaction

from benchmarks.results import Result
from dayward.care.attendance import services
from dayward.care.attendance.models import Interval
from dayward.doors.cli.serve import keep_what_is_loaded
from dayward.foundation.audit.actors import staff_actor

CHANGES = 40
WARMING = 10  # they fill caches and compile patterns
GOAL_MILLISECONDS = 50.0


def measure() -> list[Result]:
    """A correction is the longest way: rows are replaced, the journey is told, week and dues are worked out anew."""
    rows = (
        Interval.objects.standing()
        .filter(went_out__isnull=False, booking__status="booked", recorded_by__user__isnull=False)
        .select_related("booking", "recorded_by__user", "session")
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
    span = row.session.span
    with transaction.atomic():
        started = time.perf_counter()
        services.correct_times(
            actor=staff_actor(user),
            booking=row.booking,
            came_in=span.start + timedelta(minutes=1),
            went_out=span.end,
            reason="Measured",
        )
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds * 1000
