"""What packages above may hear; ids are primary keys."""

from __future__ import annotations

from dataclasses import dataclass

from dayward.foundation.audit.actors import Actor


@dataclass(frozen=True)
class DayClosed:
    """A site is closed on a day."""

    closure_id: int
    actor: Actor


@dataclass(frozen=True)
class DayReopened:
    """A closure was withdrawn."""

    closure_id: int
    actor: Actor
