"""What packages above may hear. Ids are primary keys; handlers run in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dayward.foundation.audit.actors import Actor


@dataclass(frozen=True)
class SafetySigned:
    """A statement of risk or a safety plan was signed."""

    person_id: int
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class AlertRaised:
    """An answer raised an alert."""

    person_id: int
    alert_id: int
    risk_class: str
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class AlertClosed:
    """An alert was closed with signed documentation."""

    person_id: int
    alert_id: int
    at: datetime
    actor: Actor
