from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from dayward.foundation.audit import services as audit
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.operations.queries import CLOCK, WENT_BACK, ticks_ahead
from dayward.foundation.operations.rules import BACKUP_MARK
from dayward.kernel.database import write_marks


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
