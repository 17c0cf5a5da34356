"""From a day on it is so: what held before ends there, and what was to begin later is taken back."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from dayward.foundation.audit.actors import Actor
from dayward.foundation.standards.models import Dated

D = TypeVar("D", bound=Dated)


def make_room(rows: QuerySet[D], since: date, actor: Actor) -> None:
    """`rows`: of the same thing, whether they hold or not."""
    standing = rows.filter(withdrawn_at=None)
    standing.filter(effective_from__gte=since).update(withdrawn_at=timezone.now(), withdrawn_by=actor.id)
    running = Q(effective_to=None) | Q(effective_to__gt=since)
    standing.filter(running, effective_from__lt=since).update(effective_to=since)


def end(row: Dated, on: date, actor: Actor) -> None:
    """It no longer holds from this day on; where it had not begun, it is taken back."""
    if on <= row.effective_from:
        row.withdrawn_at, row.withdrawn_by = timezone.now(), actor.id
    else:
        row.effective_to = on
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "effective_to"])
