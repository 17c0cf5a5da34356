"""What packages above may hear. Ids are primary keys; handlers run in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dayward.foundation.audit.actors import Actor


@dataclass(frozen=True)
class PlanCompleted:
    """A version of the plan is signed by the person and the team, and holds from now on."""

    person_id: int
    episode_id: int
    plan_id: int
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class PlanReviewed:
    """A review was signed."""

    person_id: int
    episode_id: int
    review_id: int
    at: datetime
    actor: Actor
