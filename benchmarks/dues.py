"""How long it takes from facts to dues: 600 people with every pack that ships, from scratch, on one core.

The people of the clinic are told again and again until there are 600 of them, each as if treated in every state, paid
by every payer and accredited by everybody; so the engine works on real courses.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

from django.db import transaction

from benchmarks.results import Result
from dayward.care.attendance.models import Interval
from dayward.foundation.standards import library, services
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries.working import Told, subjects_of, told_about
from dayward.foundation.standards.rules.engine import dues_of
from dayward.kernel.facts import Subject
from dayward.kernel.models import new_public_id

PEOPLE = 600
GOAL_SECONDS = 10.0
CHANGE_GOAL_MS = 50.0
CHANGES = 40
ROWS = 20_000
NOBODYS = 1_000_000_000  # added to an episode's key


def measure() -> list[Result]:
    about = {each.episode: each for each in subjects_of(None)}
    started = time.perf_counter()
    told = told_about(about)
    read = (time.perf_counter() - started) * PEOPLE / len(about)
    worked, count = _work_out(about, told)
    written = _write(Due.objects.count() * PEOPLE // len(about))
    half, worst = _changes()
    name = f"dues of {PEOPLE} people"
    return [
        Result(f"{name}: from scratch", round(read + worked + written, 2), "s", GOAL_SECONDS),
        Result(f"{name}: facts", round(read, 2), "s", None),
        Result(f"{name}: {count} dues by every pack", round(worked, 2), "s", None),
        Result(f"{name}: rows of the packs that hold", round(written, 2), "s", None),
        Result("attendance change to dues: median", half, "ms", CHANGE_GOAL_MS),
        Result("attendance change to dues: worst", worst, "ms", None),
    ]


def _work_out(about: dict[int, Subject], told: Told) -> tuple[float, int]:
    """Every rule of every pack, wherever it holds."""
    rules = [replace(rule, effective_from=date.min) for pack in library.packs() for rule in pack.rules]
    count, started = 0, time.perf_counter()
    for episode in islice(cycle(about), PEOPLE):
        count += len(dues_of(rules, told.get(episode, ()), about[episode].zone))
    return time.perf_counter() - started, count


def _write(count: int) -> float:
    """So many new rows, taken back afterwards: nobody may delete one."""
    rows = list(Due.objects.order_by("pk")[:ROWS])
    for row in rows:
        row.pk, row.public_id, row.episode = None, new_public_id(), row.episode + NOBODYS
        row._state.adding = True
    with transaction.atomic():
        point, started = transaction.savepoint(), time.perf_counter()
        Due.objects.bulk_create(rows, batch_size=2000)
        seconds = time.perf_counter() - started
        transaction.savepoint_rollback(point)
    return seconds * count / len(rows)


def _changes() -> tuple[float, float]:
    """Somebody's attendance changed: what is due for them, in the transaction of the change."""
    recent = Interval.objects.standing().order_by("-came_in").values_list("person_id", flat=True)
    times = []
    for person in list(dict.fromkeys(recent[:500]))[:CHANGES]:
        with transaction.atomic():
            started = time.perf_counter()
            services.refresh(people=[person])
            times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times), 1), round(max(times), 1)
