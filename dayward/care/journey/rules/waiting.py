"""How long somebody has waited, what comes next, and when enough attempts were made to reach them.

Sources: requirements 3.1 and 6.6 (delay and show rate), 4.2 (T5: 48 hours; T6: three attempts by two modes;
T10: weekly contact).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from dayward.care.journey.rules.words import gettext_noop

TARGET = timedelta(hours=48)
WEEKLY = timedelta(days=7)
ATTEMPTS_NEEDED = 3
MODES_NEEDED = 2

#: Days from call to first slot -> share of people who come (6.6; points between are interpolated).
SHOW_RATE: tuple[tuple[float, float], ...] = ((0, 0.75), (1, 0.72), (2, 0.60), (3, 0.41), (7, 0.38))
SHOW_RATE_FLOOR = 0.33
SHOW_RATE_FLOOR_DAYS = 14.0


class Urgency(StrEnum):
    """How a waiting time compares with its target; shown with a word, never by color alone."""

    ON_TIME = "on_time"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class NextAction:
    """What is to be done next for an open case, and how long it may take from the last step."""

    key: str
    label: str
    within: timedelta


NEXT_ACTIONS: dict[str, NextAction] = {
    "inquiry": NextAction("call_back", gettext_noop("Call back and screen"), timedelta(hours=4)),
    "screened": NextAction("book", gettext_noop("Book the assessment"), timedelta(hours=24)),
    "benefits": NextAction("book", gettext_noop("Book the assessment"), timedelta(hours=24)),
    "waiting_to_assess": NextAction("weekly_contact", gettext_noop("Weekly contact"), WEEKLY),
    "assessment_scheduled": NextAction("assess", gettext_noop("Hold the assessment"), TARGET),
    "assessment_missed": NextAction(
        "reach", gettext_noop("Reach the person and book again"), timedelta(hours=8)
    ),
    "assessed": NextAction("decide", gettext_noop("Decide the level of care"), timedelta(hours=24)),
    "level_decided": NextAction("admit", gettext_noop("Admit, waitlist or hand over"), timedelta(hours=48)),
    "waitlisted": NextAction("weekly_contact", gettext_noop("Weekly contact"), WEEKLY),
    "authorization_pending": NextAction("payer", gettext_noop("Ask the payer"), timedelta(hours=72)),
    "authorized": NextAction("admit", gettext_noop("Admit"), timedelta(hours=24)),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answer for one line of the pipeline board."""

    action: NextAction
    due: datetime
    urgency: Urgency
    waited: timedelta


def waiting(
    state: str,
    *,
    opened_at: datetime,
    step_at: datetime,
    now: datetime,
    last_contact_at: datetime | None = None,
    appointment_at: datetime | None = None,
) -> Waiting:
    """What is next for an open case and by when.

    An appointment is due when it takes place; weekly contact counts from the last contact; all else counts
    from the step that led here.
    """
    action = NEXT_ACTIONS[state]
    if action.key == "assess" and appointment_at is not None:
        due = appointment_at
    elif action.key == "weekly_contact" and last_contact_at is not None:
        due = max(step_at, last_contact_at) + action.within
    else:
        due = step_at + action.within
    return Waiting(action, due, _urgency(due, now, action.within), max(now - opened_at, timedelta()))


def _urgency(due: datetime, now: datetime, within: timedelta) -> Urgency:
    if now > due:
        return Urgency.LATE
    return Urgency.SOON if due - now <= within / 4 else Urgency.ON_TIME


def is_soon(slot: datetime, asked_at: datetime) -> bool:
    """Is a slot within the 48-hour target (T5)? Exactly 48 hours is."""
    return slot - asked_at <= TARGET


def show_rate(delay: timedelta) -> float:
    """The share of people who come when the first slot is that far away."""
    days = max(delay.total_seconds() / 86400, 0.0)
    points = (*SHOW_RATE, (SHOW_RATE_FLOOR_DAYS, SHOW_RATE_FLOOR))
    for (low_day, low), (high_day, high) in pairwise(points):
        if days <= high_day:
            return low + (high - low) * (days - low_day) / (high_day - low_day)
    return SHOW_RATE_FLOOR


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach a person; `mode` is phone, text, email, letter or visit."""

    mode: str
    reached: bool = False


@dataclass(frozen=True, slots=True)
class ContactVerdict:
    """Are there enough attempts to close as no contact, and what is missing?"""

    enough: bool
    attempts_missing: int
    modes_missing: int


def contact_rule(
    attempts: Collection[Attempt], *, needed: int = ATTEMPTS_NEEDED, modes: int = MODES_NEEDED
) -> ContactVerdict:
    """T6: at least three attempts in at least two ways, none of which reached the person.

    `attempts` are those since the person was last reached: an attempt that reached them clears the count.
    """
    unanswered: list[Attempt] = []
    for attempt in attempts:
        unanswered = [] if attempt.reached else [*unanswered, attempt]
    attempts_missing = max(0, needed - len(unanswered))
    modes_missing = max(0, modes - len({attempt.mode for attempt in unanswered}))
    return ContactVerdict(not attempts_missing and not modes_missing, attempts_missing, modes_missing)
