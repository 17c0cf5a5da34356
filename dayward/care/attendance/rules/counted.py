"""From intervals to the minutes of a person's service week (requirements 5.1 and 5.5, N05, S18).

Exact: elapsed minutes with their fraction, never rounded. A minute belongs to one service: where presence in
two sessions overlaps, the one that began later has it (a visit pulled out of a group takes its minutes).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dayward.kernel.spans import Span, Spans, clip, minus, minutes, total, union
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Held:
    """A session as the count reads it. Cancelled by the program: it credits nobody and takes no minute."""

    id: int
    span: Span
    breaks: Spans = ()
    counts: bool = True
    cancelled: bool = False


@dataclass(frozen=True)
class Presence:
    """One interval: from when to when the person was in a session."""

    session: int
    span: Span


@dataclass(frozen=True)
class Credit:
    """What one session gives, and the stretches it consists of."""

    session: int
    day: date
    spans: Spans
    counts: bool

    @property
    def minutes(self) -> Fraction:
        return minutes(total(self.spans))


@dataclass(frozen=True)
class Week:
    """The figures of a person's week; `prescribed` comes from the segment, `billable` needs payers."""

    delivered: Fraction
    scheduled: Fraction
    credits: tuple[Credit, ...]
    days: tuple[tuple[date, Fraction], ...]  # every day with a countable session

    def credit_of(self, session: int) -> Credit | None:
        return next((credit for credit in self.credits if credit.session == session), None)


def count_week(start: date, sessions: Iterable[Held], presences: Iterable[Presence], zone: ZoneInfo) -> Week:
    """Count the seven days from `start`. A session belongs to the day on which it begins, in the site's zone."""
    days = {start + timedelta(days=n) for n in range(7)}
    here = [each for each in sessions if not each.cancelled and local_day(each.span.start, zone) in days]
    there = _clipped(here, presences)
    credited = tuple(
        Credit(each.id, local_day(each.span.start, zone), _credited(each, here, there), each.counts)
        for each in sorted(here, key=lambda held: (held.span, held.id))
    )
    return Week(
        delivered=sum((credit.minutes for credit in credited if credit.counts), Fraction(0)),
        scheduled=minutes(total(scheduled_spans(here))),
        credits=credited,
        days=_days(credited),
    )


def scheduled_spans(sessions: Iterable[Held]) -> Spans:
    """The clinical time of countable sessions; a minute scheduled twice is there once."""
    return union(
        part
        for each in sessions
        if each.counts and not each.cancelled
        for part in minus([each.span], each.breaks)
    )


def _clipped(sessions: Sequence[Held], presences: Iterable[Presence]) -> dict[int, Spans]:
    """When the person was in each session, inside its time."""
    raw: dict[int, list[Span]] = defaultdict(list)
    for presence in presences:
        raw[presence.session].append(presence.span)
    return {each.id: clip(union(raw[each.id]), each.span) for each in sessions}


def _credited(session: Held, others: Sequence[Held], there: dict[int, Spans]) -> Spans:
    """Presence without breaks, and without what a session that outranks this one took."""
    taken = [span for other in others if _outranks(other, session) for span in there[other.id]]
    return minus(minus(there[session.id], session.breaks), taken)


def _outranks(one: Held, other: Held) -> bool:
    """Whether `one` has the minute both claim: it began later; or ends first; or has the smaller id."""
    if one.id == other.id:
        return False
    if one.span.start != other.span.start:
        return one.span.start > other.span.start
    return (one.span.end, one.id) < (other.span.end, other.id)


def _days(credited: Iterable[Credit]) -> tuple[tuple[date, Fraction], ...]:
    found: dict[date, Fraction] = defaultdict(Fraction)
    for credit in credited:
        if credit.counts:
            found[credit.day] += credit.minutes
    return tuple(sorted(found.items()))


@dataclass(frozen=True)
class Verdict:
    """The week against its floor. An exemption is a reason why nothing follows; the figure stays as it is."""

    delivered: Fraction
    floor: int
    met: bool
    exempt: str = ""

    @property
    def short_by(self) -> Fraction:
        return max(Fraction(self.floor) - self.delivered, Fraction(0))

    @property
    def alert(self) -> bool:
        """Whether somebody should do something."""
        return not self.met and not self.exempt


def judge(week: Week, *, floor: int, exempt: str = "") -> Verdict:
    """Tested on what was delivered (the default basis, requirements 5.1)."""
    return Verdict(week.delivered, floor, week.delivered >= floor, exempt)
