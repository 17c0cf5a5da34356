"""What packages above may hear. All ids are primary keys; handlers run in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dayward.foundation.audit.actors import Actor


@dataclass(frozen=True)
class HoursBlock:
    """A stretch of the person's week that is taken; ISO weekdays, an end before the start is on the next day."""

    kind: str  # job, school, childcare, other
    weekdays: tuple[int, ...]
    starts: str  # "09:00"
    ends: str
    note: str = ""


@dataclass(frozen=True)
class OwnHoursTold:
    """The screening asked for the person's own hours; these replace what the screening told before."""

    person_id: int
    blocks: tuple[HoursBlock, ...]
    from_day: date
    actor: Actor


@dataclass(frozen=True)
class AssessmentBooked:
    """A time with a clinician was booked for an assessment."""

    slot_id: int
    actor: Actor


@dataclass(frozen=True)
class AssessmentReleased:
    """A booked time is free again: moved, canceled or missed."""

    slot_id: int
    actor: Actor


@dataclass(frozen=True)
class CaseMoved:
    """An intake case took a step."""

    case_id: int
    key: str
    state: str
    actor: Actor


@dataclass(frozen=True)
class EpisodeBegan:
    episode_id: int
    actor: Actor


@dataclass(frozen=True)
class EpisodeEnded:
    """Treatment has ended; `last_day` is the day of discharge."""

    episode_id: int
    last_day: date
    actor: Actor


@dataclass(frozen=True)
class SegmentChanged:
    """Another track, other days or another amount from `starts_on`.

    `keep`: the weekdays whose seats go along; None: all seats of earlier stretches end.
    """

    episode_id: int
    segment_id: int
    starts_on: date
    actor: Actor
    keep: frozenset[int] | None = None


@dataclass(frozen=True)
class DangerHeard:
    """In a call somebody spoke of suicide or of harming somebody; `now`: the danger is now."""

    call_id: int
    now: bool
    at: datetime
    actor: Actor


@dataclass(frozen=True)
class HoldChanged:
    """A hold began, or ended when `ended_on` is set."""

    episode_id: int
    starts_on: date
    expected_return: date
    ended_on: date | None
    at: datetime
    actor: Actor
