"""What packages above may hear; handlers run in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dayward.foundation.audit.actors import Actor
from dayward.kernel.events import publish


@dataclass(frozen=True)
class SeatsChanged:
    """These people have other seats, or seats at another time, from a day on."""

    people: frozenset[int]  # primary keys
    since: date
    actor: Actor


def seats_changed(actor: Actor, people: Iterable[int], earliest: datetime) -> None:
    """Say it wherever a booking is made, moved or given back, after it was; their weeks are counted anew.

    `earliest`: when the first of the sessions begins; the day before is early enough in every zone.
    """
    found = frozenset(people)
    if found:
        publish(SeatsChanged(found, (earliest - timedelta(days=1)).date(), actor))
