"""What packages above may hear. Ids are primary keys; handlers run in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dayward.foundation.audit.actors import Actor


@dataclass(frozen=True)
class MeasureAnswered:
    """One answer was saved. Whoever acts on it does so before the answer is there for anybody else to see."""

    person: int
    administration: int
    answer: int
    instrument: str
    item: str
    value: int | None
    is_critical: bool
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class MeasureScored:
    """A questionnaire was finished and has its score."""

    person: int
    administration: int
    instrument: str
    total: int | None
    band: str
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class MeasureWithdrawn:
    """A questionnaire was entered in error: what it reassured of is unknown again."""

    person: int
    administration: int
    at: datetime
    actor: Actor
