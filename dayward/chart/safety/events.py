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
