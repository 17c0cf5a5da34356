"""What is seen of the installation, in one statement."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.operations.rules import BACKUP_MARK, Failed, Finding, Limits, Part, Seen, judge
from dayward.foundation.organization.models import Organization
from dayward.kernel.database import embedded_cluster, is_embedded
from dayward.kernel.gathering import Reading, alone, first_of

SERVING = frozenset({Part.DATABASE, Part.DISK})
CLOCK, WENT_BACK = system_actor("clock"), "operations.clock_went_back"
AHEAD = timedelta(minutes=10)  # twice as far as work of every few minutes is noted ahead
# One that was there before the clock was set back does not count until its time has come again.
_HEARTBEAT = (
    "SELECT max(last_heartbeat) FROM procrastinate_workers WHERE last_heartbeat < now() + interval '1 minute'"
)
_TRAIL = "SELECT max(at) FROM audit_entry"
# A worker that is there takes a job within a second of its time, or of when it was asked for, and is done in minutes.
_SINCE = "(SELECT max(at) FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = '{}')"
_WAITING = (  # constants of this file alone
    "SELECT count(*) FROM procrastinate_jobs job WHERE"  # noqa: S608
    f" (status = 'todo' AND coalesce(scheduled_at, {_SINCE.format('deferred')}) < now() - interval '15 minutes')"
    f" OR (status = 'doing' AND {_SINCE.format('started')} < now() - interval '1 hour')"
)
# Nightly work is the same whatever night it is for; other work is the same for the same rows.
_LEFT_UNDONE = (
    " job.status = 'failed' AND NOT EXISTS (SELECT FROM procrastinate_jobs done"
    " WHERE done.status = 'succeeded' AND done.id > job.id AND done.task_name = job.task_name"
    " AND done.args - 'timestamp' = job.args - 'timestamp')"
)
_FAILED = (  # constants of this file alone
    "SELECT jsonb_agg(jsonb_build_array(task_name, since, times) ORDER BY task_name) FROM ("  # noqa: S608
    " SELECT job.task_name, min(event.at) AS since, count(DISTINCT job.id) AS times FROM procrastinate_jobs job"
    " JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'failed'"
    f" WHERE {_LEFT_UNDONE} GROUP BY job.task_name) AS left_undone"
)
_MARKS = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"


def limits() -> Limits:
    """A clinic says in the environment how old its last backup may be."""
    return Limits(backup=timedelta(hours=float(os.environ.get("DAYWARD_BACKUP_HOURS", "36"))))


def read_health() -> Reading[list[Finding]]:
    """The findings of this moment; one step."""
    found = yield from first_of(_seen_rows())
    return judge(_seen(found), limits())


def health() -> list[Finding]:
    """As `read_health`, also when the database does not answer."""
    try:
        return alone(read_health())
    except DatabaseError:
        return judge(Seen(timezone.now(), is_reachable=False, disk_free=disk_free()), limits())


def _seen_rows() -> models.QuerySet[Organization, Any]:
    return Organization.objects.order_by("pk").values(
        "is_demo",
        "created_at",
        clock=_asked("SELECT now()", models.DateTimeField()),  # that of the heartbeat
        heartbeat=_asked(_HEARTBEAT, models.DateTimeField()),
        waiting=_asked(_WAITING, models.IntegerField()),
        failed=_asked(_FAILED, models.JSONField()),
        marks=_asked(_MARKS, models.TextField()),
        trail=_asked(_TRAIL, models.DateTimeField()),
        wall=_asked("SELECT clock_timestamp()", models.DateTimeField()),  # also in a long transaction
    )


def failed_jobs() -> list[int]:
    """Work that failed and has not been done since; the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM procrastinate_jobs job WHERE {_LEFT_UNDONE} ORDER BY id DESC")  # noqa: S608
        return [job for (job,) in cursor.fetchall()]


def _asked(constant: str, kind: models.Field[Any, Any]) -> RawSQL:
    return RawSQL(constant, [], output_field=kind)  # noqa: S611 - constants of this file


def _seen(row: dict[str, Any] | None) -> Seen:
    """Before a clinic is set up nothing is asked of it."""
    if row is None:
        now = timezone.now()
        return Seen(now, heartbeat_at=now, disk_free=disk_free())
    return Seen(
        now=row["clock"],
        is_demo=row["is_demo"],
        set_up_at=row["created_at"],
        heartbeat_at=row["heartbeat"],
        waiting=row["waiting"],
        failed=tuple(
            Failed(task, datetime.fromisoformat(since), times) for task, since, times in row["failed"] or ()
        ),
        disk_free=disk_free(),
        backup_at=_backup_at(row["marks"] or ""),
        trail_at=row["trail"],
        clock=row["wall"],
        machine=timezone.now(),
    )


def _backup_at(marks: str) -> datetime | None:
    told = dict(part.split("=", 1) for part in marks.split() if "=" in part).get(BACKUP_MARK)
    return datetime.fromisoformat(told) if told else None


def disk_free() -> int:
    """Of this machine: where the database is, or, when that is on another machine, where our own files are."""
    place = embedded_cluster().data if is_embedded() else settings.VAR_DIR
    return shutil.disk_usage(place if place.exists() else settings.VAR_DIR).free


def server_version() -> str:
    """PostgreSQL's own; nothing when it does not answer."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return ""
    return f"{connection.connection.info.server_version // 10000}"


def clock_went_back() -> Entry | None:
    """When that was noticed last."""
    return Entry.objects.filter(action=WENT_BACK, actor=CLOCK.id).order_by("-id").first()


def ticks_ahead(at: datetime) -> datetime | None:
    """Up to when work of every few minutes is noted as done: later than now only where the clock went back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_timestamp(max(defer_timestamp)) FROM procrastinate_periodic_defers")
        row = cursor.fetchone()
    latest: datetime | None = row[0] if row else None
    return latest if latest and latest - at > AHEAD else None
