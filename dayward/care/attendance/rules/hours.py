"""The hours engine: from intervals to the creditable minutes of a person's service week.

Requirements 5.1, 5.2, 5.5 (N05, S18). Exact: elapsed time in UTC, never rounded. Per session, in this order: its
intervals joined and clipped to it; breaks out; lateness; minimum presence; and only then the split, by which a minute
belongs to one service: where presence in two sessions overlaps, the one that began later has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.settings import LateRule, Settings
from dayward.care.attendance.rules.stretches import (
    MINUTE,
    Stretch,
    Stretches,
    as_minutes,
    as_spans,
    cut,
    joined,
    length,
    stretch,
    without,
)
from dayward.kernel.spans import Span, Spans
from dayward.kernel.time import local_day

VERSION = 4  # of the rules: stored facts say by which they were counted


@dataclass(frozen=True)
class Held:
    """A session as the count reads it. Canceled by the program: it credits nobody and takes no minute."""

    id: int
    span: Span
    breaks: Spans = ()
    counts: bool = True
    cancelled: bool = False
    kind: int = 0  # of service; who asks for a floor may have an own word on it


@dataclass(frozen=True)
class Presence:
    """One interval: from when to when the person was in a session."""

    session: int
    span: Span


def there_until(now: datetime, session_end: datetime) -> datetime:
    """How long somebody without an out time was there so far: by whole minutes, at most to the end of the session."""
    return min(now.replace(second=0, microsecond=0), session_end)


class Outcome(str, Enum):
    """What became of the presence in a session."""

    CREDITED = "credited"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    LATE = "late"  # later than tolerated, where that is denied
    TOO_SHORT = "too_short"  # under the minimum presence


@dataclass(frozen=True, slots=True)
class Credit:
    """What one session gives, the stretches it consists of, and what was taken off on the way."""

    session: int
    day: date
    counts: bool
    outcome: Outcome
    present: Stretches = ()  # joined and clipped
    stretches: Stretches = ()  # credited
    ticks: int = 0
    in_breaks: int = 0
    elsewhere: int = 0  # belongs to a session that began later
    late: int = 0

    @property
    def minutes(self) -> Fraction:
        return as_minutes(self.ticks)

    @property
    def spans(self) -> Spans:
        return as_spans(self.stretches)

    @property
    def present_spans(self) -> Spans:
        return as_spans(self.present)


@dataclass(frozen=True, slots=True)
class Week:
    """What sessions of seven days give; `prescribed` comes from the segment, `billable` from the unit engines."""

    credits: tuple[Credit, ...]  # every session of the week, cancelled ones too, by when they begin
    scheduled_ticks: int

    @property
    def delivered(self) -> Fraction:
        return as_minutes(sum(credit.ticks for credit in self.credits if credit.counts))

    @property
    def scheduled(self) -> Fraction:
        return as_minutes(self.scheduled_ticks)

    @property
    def days(self) -> tuple[tuple[date, Fraction], ...]:
        """Every day with a countable session that was held."""
        found: dict[date, int] = defaultdict(int)
        for credit in self.credits:
            if credit.counts and credit.outcome is not Outcome.CANCELLED:
                found[credit.day] += credit.ticks
        return tuple((day, as_minutes(sum_)) for day, sum_ in sorted(found.items()))

    def credit_of(self, session: int) -> Credit | None:
        return next((credit for credit in self.credits if credit.session == session), None)


@dataclass(slots=True)
class _Meeting:
    """A session inside the count."""

    held: Held
    day: date
    start: int
    end: int
    breaks: Stretches  # those that do not count
    clinical: Stretches  # its time without them
    present: Stretches


def _rank(meeting: _Meeting) -> tuple[int, int, int]:
    """The higher one has the minute both claim: began later; or ends first; or has the smaller id."""
    return meeting.start, -meeting.end, -meeting.held.id


@dataclass(frozen=True, slots=True)
class _Limits:
    """The settings as the count compares with them."""

    late: int | Fraction | None  # in ticks; None where nobody is denied
    part: int  # the least share of a session's clinical minutes: `part` of `whole`
    whole: int
    breaks_count: bool

    @classmethod
    def of(cls, settings: Settings) -> _Limits:
        late = settings.late_after_minutes * MINUTE if settings.late_rule is LateRule.DENY else None
        share = Fraction(settings.minimum_presence)
        return cls(late, share.numerator, share.denominator, settings.breaks_count)


def count_hours(
    start: date,
    sessions: Iterable[Held],
    presences: Iterable[Presence],
    zone: ZoneInfo,
    settings: Settings,
    *,
    length: int = 7,
) -> Week:
    """Count the days from `start`. A session belongs to the day on which it begins, in the site's zone."""
    days, limits = {start + timedelta(days=n) for n in range(length)}, _Limits.of(settings)
    there: dict[int, list[Stretch]] = defaultdict(list)
    for presence in presences:
        there[presence.session].append(stretch(presence.span))
    meetings, found = [], []
    for held in sessions:
        day = local_day(held.span.start, zone)
        if day not in days:
            continue
        if held.cancelled:
            found.append((stretch(held.span), Credit(held.id, day, held.counts, Outcome.CANCELLED)))
        else:
            meetings.append(_meeting(held, day, there.get(held.id, ()), limits.breaks_count))
    found += _credited(meetings, limits)
    found.sort(key=lambda each: (each[0], each[1].session))
    return Week(tuple(credit for _span, credit in found), _scheduled(meetings))


def _meeting(held: Held, day: date, there: Sequence[Stretch], breaks_count: bool) -> _Meeting:
    start, end = whole = stretch(held.span)
    breaks = joined([stretch(each) for each in held.breaks]) if held.breaks and not breaks_count else ()
    clinical = without((whole,), breaks) if start < end else ()
    present = cut(joined(there), start, end) if there else ()
    return _Meeting(held, day, start, end, breaks, clinical, present)


def _credited(meetings: list[_Meeting], limits: _Limits) -> list[tuple[Stretch, Credit]]:
    """The split: from the highest rank down, each session has what those above it left."""
    found, taken = [], Stretches()
    for meeting in sorted(meetings, key=_rank, reverse=True):
        credit = _credit(meeting, taken, limits)
        found.append(((meeting.start, meeting.end), credit))
        if meeting.present:  # taking is decided by presence alone, whatever was credited for it
            apart = not taken or meeting.present[-1][1] < taken[0][0]
            taken = meeting.present + taken if apart else joined(meeting.present + taken)
    return found


def _credit(meeting: _Meeting, taken: Stretches, limits: _Limits) -> Credit:
    held, present = meeting.held, meeting.present
    if not present:
        return Credit(held.id, meeting.day, held.counts, Outcome.ABSENT)
    clinical = without(present, meeting.breaks)
    before = length(clinical)
    late = present[0][0] - meeting.start
    outcome = _outcome(late, before, meeting, limits)
    left = without(clinical, taken) if outcome is Outcome.CREDITED else ()
    credited = length(left)
    return Credit(
        held.id,
        meeting.day,
        held.counts,
        outcome,
        present,
        left,
        credited,
        length(present) - before,
        before - credited if outcome is Outcome.CREDITED else 0,
        late,
    )


def _outcome(late: int, present: int, meeting: _Meeting, limits: _Limits) -> Outcome:
    """Late is strictly more than tolerated; too short is less than the share, before any minute is given away."""
    if limits.late is not None and late > limits.late:
        return Outcome.LATE
    if limits.part and present * limits.whole < length(meeting.clinical) * limits.part:
        return Outcome.TOO_SHORT
    return Outcome.CREDITED


def _scheduled(meetings: Iterable[_Meeting]) -> int:
    """The clinical time of countable sessions that were held; a minute scheduled twice is there once."""
    return length(joined([part for each in meetings if each.held.counts for part in each.clinical]))
