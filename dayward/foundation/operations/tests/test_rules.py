from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.operations.rules import Failed, Finding, Limits, Part, Seen, Trouble, judge
from dayward.foundation.operations.words import span

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
GIB = 1024**3
WELL = Seen(
    NOW,
    set_up_at=NOW - timedelta(days=90),
    heartbeat_at=NOW - timedelta(seconds=8),
    disk_free=100 * GIB,
    backup_at=NOW - timedelta(hours=10),
)
LIMITS = Limits()


def troubles(seen: Seen) -> dict[Part, Trouble]:
    return {found.part: found.trouble for found in judge(seen, LIMITS) if found.trouble}


def test_all_is_well() -> None:
    found = judge(WELL, LIMITS)
    assert [each.part for each in found] == list(Part)
    assert all(each.is_ok for each in found)


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (replace(WELL, heartbeat_at=None), {Part.WORKER: Trouble.NONE_RUNS}),
        (replace(WELL, heartbeat_at=NOW - timedelta(seconds=60)), {}),
        (replace(WELL, heartbeat_at=NOW - timedelta(seconds=61)), {Part.WORKER: Trouble.STOPPED}),
        (replace(WELL, waiting=1), {Part.QUEUE: Trouble.BEHIND}),
        (replace(WELL, failed=(Failed("audit.walk_nightly", NOW),)), {Part.WORK: Trouble.FAILED}),
        (replace(WELL, disk_free=2 * GIB), {}),
        (replace(WELL, disk_free=2 * GIB - 1), {Part.DISK: Trouble.NEARLY_FULL}),
        (replace(WELL, backup_at=NOW - timedelta(hours=36)), {}),
        (replace(WELL, backup_at=NOW - timedelta(hours=37)), {Part.BACKUP: Trouble.OLD}),
        (replace(WELL, backup_at=None), {Part.BACKUP: Trouble.NEVER}),
        (replace(WELL, backup_at=None, set_up_at=NOW - timedelta(hours=35)), {}),
        (replace(WELL, backup_at=None, set_up_at=None), {}),
        (replace(WELL, backup_at=None, is_demo=True), {}),
        (replace(WELL, trail_at=NOW, clock=NOW, machine=NOW + timedelta(seconds=60)), {}),
        (replace(WELL, trail_at=NOW + timedelta(seconds=60)), {}),
        (replace(WELL, trail_at=NOW + timedelta(hours=3)), {Part.CLOCK: Trouble.WENT_BACK}),
        (replace(WELL, trail_at=NOW + timedelta(hours=3), clock=NOW + timedelta(hours=3)), {}),
        (replace(WELL, trail_at=NOW + timedelta(hours=3), is_demo=True), {}),
        (replace(WELL, machine=NOW - timedelta(seconds=61)), {Part.CLOCK: Trouble.APART}),
        (replace(WELL, machine=NOW + timedelta(days=1)), {Part.CLOCK: Trouble.APART}),
        (
            replace(WELL, heartbeat_at=None, waiting=3),
            {Part.WORKER: Trouble.NONE_RUNS, Part.QUEUE: Trouble.BEHIND},
        ),
    ],
)
def test_what_is_wrong(seen: Seen, wanted: dict[Part, Trouble]) -> None:
    assert troubles(seen) == wanted


def test_without_a_database_nothing_else_is_claimed() -> None:
    found = judge(replace(WELL, is_reachable=False), LIMITS)
    assert [(each.part, each.trouble) for each in found] == [
        (Part.DATABASE, Trouble.UNREACHABLE),
        (Part.DISK, None),
    ]


def test_the_first_backup_ends_the_trouble() -> None:
    assert Finding(Part.BACKUP, since=NOW) in judge(replace(WELL, backup_at=NOW), LIMITS)


@given(hours=st.integers(0, 500), more=st.integers(0, 500))
def test_waiting_never_makes_it_better(hours: int, more: int) -> None:
    before = replace(
        WELL, backup_at=NOW - timedelta(hours=hours), heartbeat_at=NOW - timedelta(seconds=hours)
    )
    after = replace(before, now=NOW + timedelta(hours=more))
    assert set(troubles(before).items()) <= set(troubles(after).items())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(61, "1 min"), (59 * 60, "59 min"), (3 * 3600, "3 h 0 min"), (86_400 + 300, "24 h 5 min")],
)
def test_how_far_a_clock_went_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert span(seconds) == words
