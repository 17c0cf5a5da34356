from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from dayward.foundation.audit import services as audit
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry
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
