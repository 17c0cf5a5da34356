from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from dayward.foundation.audit import services as audit
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.operations.queries import CLOCK, WENT_BACK, failed_jobs, ticks_ahead
from dayward.foundation.operations.rules import BACKUP_MARK
from dayward.kernel.database import write_marks

KEPT_DAYS = 7  # of finished work: long enough to look what became of it
MOST_TRIES = 5  # work that ends its worker each time is not begun for ever
# Also where another worker has already struck the lost one off the list.
_LEFT = (
    "SELECT job.id, job.attempts FROM procrastinate_jobs job"
    " LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id WHERE job.status = 'doing'"
    " AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '1 minute') ORDER BY job.id"
)
_FAILED_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_AGAIN = "SELECT procrastinate_retry_job_v1(%s, now(), NULL, NULL, NULL)"
_GIVEN_UP = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"
_DONE = (
    "DELETE FROM procrastinate_jobs job WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_events WHERE job_id = job.id AND at > now() - %s * interval '1 day')"
)


@transaction.atomic
def note_backup(*, size: int, entries: int) -> None:
    """A copy of everything left the database: that is an export, and when it was stands in the database itself."""
    write_marks(**{BACKUP_MARK: timezone.now().isoformat(timespec="seconds")})
    audit.record(
        actor=system_actor("backup"),
        action="operations.backup",
        kind=Entry.Kind.EXPORT,
        size=size,
        entries=entries,
    )


@transaction.atomic
def note_restore(*, made_at: str, entries: int) -> None:
    """From here on the trail goes on from the backup's end."""
    audit.record(
        actor=system_actor("restore"), action="operations.restore", backup_made_at=made_at, entries=entries
    )


@transaction.atomic
def mind_the_clock(*, at: datetime | None = None) -> timedelta | None:
    """Where the clock was set back, work of every few minutes would wait until the same time comes again: not so.

    Says by how much it went back; None when it did not.
    """
    now = at or timezone.now()
    ahead = ticks_ahead(now)
    if ahead is None:
        return None
    latest = Entry.objects.aggregate(at=Max("at"))["at"]
    back = max(ahead, latest or ahead) - now
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers WHERE to_timestamp(defer_timestamp) > %s", [now]
        )
    audit.record(actor=CLOCK, action=WENT_BACK, seconds=round(back.total_seconds()))
    return back


@transaction.atomic
def begin_again() -> int:
    """A worker that is killed takes nothing along: what it had begun waits for another; how much that was."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = cursor.fetchall()
        for job, tries in left:
            try:
                with transaction.atomic():
                    cursor.execute(_AGAIN if tries < MOST_TRIES else _GIVEN_UP, [job])
            except IntegrityError:  # work of every few minutes: the next piece waits already
                cursor.execute(_GIVEN_UP, [job])
    return len(left)


@transaction.atomic
def begin_failed_again() -> int:
    """What failed waits for a worker once more, but for nightly work that waits already; how much that was."""
    begun = 0
    with connection.cursor() as cursor:
        for job in failed_jobs():
            try:
                with transaction.atomic():
                    cursor.execute(_FAILED_AGAIN, [job])
                begun += 1
            except IntegrityError:  # the next piece waits already
                continue
    return begun


@transaction.atomic
def sweep(*, at: datetime | None = None) -> int:
    """Finished work of a week ago and sign-ins that are over are no records: how many went."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [KEPT_DAYS])
        gone: int = cursor.rowcount
    return gone + Session.objects.filter(expire_date__lt=at or timezone.now()).delete()[0]
