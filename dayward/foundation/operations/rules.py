"""Whether the installation is well: what was seen, judged (issue 5, "Operations")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

BACKUP_MARK = "backup_at"  # under which the database notes when its last backup was


class Part(Enum):
    """What is looked at."""

    DATABASE = "database"
    WORKER = "worker"
    QUEUE = "queue"
    WORK = "work"
    DISK = "disk"
    BACKUP = "backup"
    CLOCK = "clock"


class Trouble(Enum):
    """What can be wrong with a part."""

    UNREACHABLE = "unreachable"
    NONE_RUNS = "none_runs"
    STOPPED = "stopped"
    BEHIND = "behind"
    FAILED = "failed"
    NEARLY_FULL = "nearly_full"
    NEVER = "never"
    OLD = "old"
    WENT_BACK = "went_back"
    APART = "apart"


@dataclass(frozen=True)
class Failed:
    """Work that failed, so many times since then, and has not been done after that."""

    task: str
    since: datetime
    times: int = 1


@dataclass(frozen=True)
class Seen:
    """What was found at a moment. `disk_free` is of this machine; a synthetic clinic needs no backup."""

    now: datetime
    is_reachable: bool = True
    is_demo: bool = False
    set_up_at: datetime | None = None
    heartbeat_at: datetime | None = None
    waiting: int = 0  # jobs whose time came a while ago
    failed: tuple[Failed, ...] = ()
    disk_free: int = 0
    backup_at: datetime | None = None
    trail_at: datetime | None = None  # the latest time in the audit trail
    clock: datetime | None = None  # what the database's clock says, and that of this machine
    machine: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """From when on it is trouble. A worker tells every ten seconds that it is there."""

    heartbeat: timedelta = timedelta(minutes=1)
    disk: int = 2 * 1024**3
    backup: timedelta = timedelta(hours=36)
    clock: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Finding:
    """One part, and what is wrong with it, if anything is."""

    part: Part
    trouble: Trouble | None = None
    since: datetime | None = None
    amount: int = 0
    failed: tuple[Failed, ...] = ()

    @property
    def is_ok(self) -> bool:
        return self.trouble is None


def judge(seen: Seen, limits: Limits) -> list[Finding]:
    """One finding for each part; without a database nothing is known but that, and the disk."""
    if not seen.is_reachable:
        return [Finding(Part.DATABASE, Trouble.UNREACHABLE), _disk(seen, limits)]
    return [
        Finding(Part.DATABASE),
        _worker(seen, limits),
        Finding(Part.QUEUE, Trouble.BEHIND if seen.waiting else None, amount=seen.waiting),
        Finding(Part.WORK, Trouble.FAILED if seen.failed else None, failed=seen.failed),
        _disk(seen, limits),
        _backup(seen, limits),
        _clock(seen, limits),
    ]


def _worker(seen: Seen, limits: Limits) -> Finding:
    """One that ends as it should leaves no trace; one that was killed leaves its last heartbeat."""
    last = seen.heartbeat_at
    if last is None:
        return Finding(Part.WORKER, Trouble.NONE_RUNS)
    trouble = Trouble.STOPPED if seen.now - last > limits.heartbeat else None
    return Finding(Part.WORKER, trouble, since=last)


def _disk(seen: Seen, limits: Limits) -> Finding:
    trouble = Trouble.NEARLY_FULL if seen.disk_free < limits.disk else None
    return Finding(Part.DISK, trouble, amount=seen.disk_free)


def _backup(seen: Seen, limits: Limits) -> Finding:
    """A clinic set up just now has the time of one backup to make its first."""
    if seen.is_demo or (seen.set_up_at is None and seen.backup_at is None):
        return Finding(Part.BACKUP, since=seen.backup_at)
    last = seen.backup_at or seen.set_up_at
    assert last
    is_old = seen.now - last > limits.backup
    trouble = (Trouble.OLD if seen.backup_at else Trouble.NEVER) if is_old else None
    return Finding(Part.BACKUP, trouble, since=seen.backup_at)


def _clock(seen: Seen, limits: Limits) -> Finding:
    """What is in the trail has happened: where it is still to come, the clock was set back since, or ran ahead then."""
    clock = seen.clock or seen.now
    apart = abs((seen.machine or clock) - clock)
    if apart > limits.clock:
        return Finding(Part.CLOCK, Trouble.APART, amount=round(apart.total_seconds()))
    back = (seen.trail_at or clock) - clock
    if back > limits.clock and not seen.is_demo:
        return Finding(Part.CLOCK, Trouble.WENT_BACK, since=seen.trail_at, amount=round(back.total_seconds()))
    return Finding(Part.CLOCK)
