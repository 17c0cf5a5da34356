"""Which sessions ahead a person could take a seat in besides their own (requirements 5.3): the finder's rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dayward.kernel.spans import Span, Spans, clip, minus, union


@dataclass(frozen=True)
class Ahead:
    """A session that could be offered."""

    span: Span
    day: date
    minutes: int  # clinical: without breaks
    topic: str
    service: str
    left: int  # seats


@dataclass(frozen=True)
class Week:
    """What the person has already, and where they belong."""

    booked: tuple[tuple[date, Span, Spans], ...] = ()  # day, span, breaks inside
    own: Spans = ()  # hours they have for themselves
    refused: Spans = ()  # sessions they said they cannot come to
    since: date | None = None  # of the stretch of treatment
    until: date | None = None  # not included
    day_most: int | None = None  # minutes of a day, at most


@dataclass(frozen=True)
class Like:
    """The session that was missed."""

    day: date
    topic: str
    service: str


def minutes_on(day: date, booked: Iterable[tuple[date, Span, Spans]]) -> int:
    """Clinical minutes of a day, a minute booked twice counted once."""
    rows = [(span, breaks) for on, span, breaks in booked if on == day]
    # A break is out only where no other session runs at that time.
    clinical = union(part for span, breaks in rows for part in minus([span], clip(breaks, span)))
    return int(sum(span.length.total_seconds() for span in clinical) // 60)


def free_for(ahead: Ahead, week: Week) -> bool:
    """A seat is left, nothing of theirs is at that time, and the day does not grow over its most."""
    taken = [*(span for _day, span, _breaks in week.booked), *week.own, *week.refused]
    in_treatment = (week.since is None or week.since <= ahead.day) and (
        week.until is None or ahead.day < week.until
    )
    if ahead.left < 1 or not in_treatment or any(ahead.span.overlaps(each) for each in taken):
        return False
    return week.day_most is None or minutes_on(ahead.day, week.booked) + ahead.minutes <= week.day_most


def same_topic(ahead: Ahead, like: Like) -> bool:
    """Where neither has a topic, the kind of service is what they have in common."""
    if not ahead.topic and not like.topic:
        return ahead.service == like.service
    return ahead.topic.casefold() == like.topic.casefold()


def like_it(ahead: Ahead, like: Like) -> bool:
    """On a later day, and of the same topic or at least of the same kind of service."""
    return ahead.day > like.day and (same_topic(ahead, like) or ahead.service == like.service)
