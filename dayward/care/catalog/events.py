"""What packages above may hear; ids are primary keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class TermsChanged:
    """A program has other numbers from a day on, which may lie in the past."""

    program_id: int
    effective_from: date
    actor: Actor


@dataclass(frozen=True)
class CountingChanged:
    """From a day on, minutes of a kind of service count towards the floor, or no longer do."""

    kind_id: int
    effective_from: date
    actor: Actor


@dataclass(frozen=True)
class Closes:
    """A room, a track, a program or a kind of service is not used from a day on; whoever still uses it refuses."""

    kind: str  # room, track, program, servicekind
    pk: int
    day: date
    actor: Actor
