"""Who hears of an alert, and when it goes on to the next (measures.md section 5).

The times come from the standards' rule pack; the program's medical director sets and signs them there. What
stands here is the order of people, and what the timer says when it rings. Nothing but an act ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# By class: which times run. A watch has none: it stands on the team's list.
TIMED = ("acute", "same_day", "review")
WATCH = "watch"
ACTS = ("acknowledge", "contact", "close")
AGAIN = {"acute": timedelta(minutes=10), "same_day": timedelta(hours=1), "review": timedelta(hours=24)}
HIGHEST = 3  # second clinician, director, then everybody who may be named


class Waits(StrEnum):
    """What an alert waits for."""

    ACKNOWLEDGED = "acknowledge"
    CONTACTED = "contact"
    CLOSED = "close"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class State:
    """An alert as the timer sees it."""

    risk_class: str
    acknowledge_until: datetime | None
    contact_until: datetime | None
    close_until: datetime | None
    acknowledged: bool
    contacted: bool
    closed: bool


def waits_for(state: State) -> Waits:
    """The next act that is owed; contact with the person is owed also when nobody has acknowledged."""
    if state.closed or state.risk_class not in TIMED:
        return Waits.NOTHING
    if not state.acknowledged and not state.contacted:
        return Waits.ACKNOWLEDGED
    return Waits.CLOSED if state.contacted else Waits.CONTACTED


def until(state: State) -> datetime | None:
    """When the act that is owed is late."""
    return {
        Waits.ACKNOWLEDGED: state.acknowledge_until,
        Waits.CONTACTED: state.contact_until,
        Waits.CLOSED: state.close_until,
        Waits.NOTHING: None,
    }[waits_for(state)]


def next_ring(state: State, after: datetime | None = None) -> datetime | None:
    """When the timer rings: when the owed act is late, and again and again while it stays owed."""
    late = until(state)
    if late is None or after is None or late > after:
        return late
    return after + AGAIN[state.risk_class]


def is_stranded(state: State, raised_at: datetime, rings_next: datetime, now: datetime) -> bool:
    """Its timer was wound up by a clock that has been set back since: it would keep silent for too long."""
    if waits_for(state) is Waits.NOTHING:
        return False
    late = until(state) or now
    return raised_at > now or rings_next > max(late, now + AGAIN[state.risk_class])


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be told, and why."""

    staff: int
    because: str


# In this order is somebody named when an alert is raised, and in this order does it go on.
PRIMARY, TEAM, SUPERVISOR, DIRECTOR, ANYBODY = (
    "primary_therapist",
    "care_team",
    "supervisor",
    "director",
    "clinician",
)
NAMED_ORDER = (PRIMARY, SUPERVISOR, DIRECTOR, TEAM, ANYBODY)
LADDER = {1: (SUPERVISOR, TEAM, DIRECTOR, ANYBODY), 2: (DIRECTOR, SUPERVISOR, TEAM, ANYBODY)}


def named(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one person an alert is for: primary therapist, else on call (supervisor), else director, else anybody."""
    return _first(candidates, NAMED_ORDER, set())


def next_person(candidates: Sequence[Candidate], level: int, told: set[int]) -> Candidate | None:
    """Who is told at this level of the ladder and was not told before; None when everybody was."""
    return _first(candidates, LADDER.get(level, LADDER[2]), told)


def _first(candidates: Sequence[Candidate], order: Sequence[str], told: set[int]) -> Candidate | None:
    fresh = [one for one in candidates if one.staff not in told]
    return next((one for why in order for one in fresh if one.because == why), None)


# What is done at the top of the ladder when an acute alert is still without contact.
CANNOT_REACH = "emergency"
