"""What an edit of a series does: which sessions move, appear, disappear, and which are kept and why.

A session with attendance never moves; a session that has begun never moves; one that somebody moved by
hand stays where it was put, unless it is itself the one being edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from dayward.care.schedule.rules.recurrence import Meeting, Rhythm, meetings


class Scope(str, Enum):
    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class Kept(str, Enum):
    """Why a session is left as it is."""

    ATTENDED = "attended"
    BEGUN = "begun"
    BY_HAND = "by_hand"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class SessionFact:
    """What the rule must know of a session."""

    id: int
    series_day: date
    start: datetime
    attended: bool = False
    by_hand: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class Move:
    session: int
    old_day: date
    meeting: Meeting


@dataclass(frozen=True)
class EditPlan:
    """What would happen. `moves` keep the session's identity, so bookings and calendars follow."""

    moves: tuple[Move, ...] = ()
    new: tuple[Meeting, ...] = ()
    gone: tuple[int, ...] = ()
    kept: tuple[tuple[int, Kept], ...] = ()


def first_day(scope: Scope, sessions: Sequence[SessionFact], pivot: date) -> date:
    """From which day on the new rhythm holds."""
    if scope is Scope.ALL and sessions:
        return min(fact.series_day for fact in sessions)
    return pivot


def plan_edit(
    sessions: Sequence[SessionFact],
    rhythm: Rhythm,
    zone: ZoneInfo,
    *,
    since: date,
    until: date,
    now: datetime,
    closed: Collection[date] = (),
) -> EditPlan:
    """Lay the new rhythm over the sessions from `since` to `until`, week by week.

    Within a week the old days and the new days are matched first by equal day, then in order; what is left
    over is made or cancelled. So Mon/Wed/Fri to Mon/Thu/Fri moves one session, not three.
    """
    kept = {fact.id: why for fact in sessions if (why := _why_kept(fact, now))}
    standing = {fact.series_day for fact in sessions if fact.id in kept}
    free = [fact for fact in sessions if fact.id not in kept and since <= fact.series_day <= until]
    wanted = [
        each
        for each in meetings(rhythm, zone, since=since, until=until, closed=closed)
        if each.day not in standing and each.span.start > now
    ]
    moves, new, gone = _match(free, wanted)
    in_reach = (fact for fact in sessions if fact.id in kept and since <= fact.series_day <= until)
    return EditPlan(moves, new, gone, tuple((fact.id, kept[fact.id]) for fact in in_reach))


def _why_kept(fact: SessionFact, now: datetime) -> Kept | None:
    if fact.attended:
        return Kept.ATTENDED
    if fact.cancelled:
        return Kept.CANCELLED
    if fact.start <= now:
        return Kept.BEGUN
    return Kept.BY_HAND if fact.by_hand else None


def _match(
    free: Iterable[SessionFact], wanted: Iterable[Meeting]
) -> tuple[tuple[Move, ...], tuple[Meeting, ...], tuple[int, ...]]:
    moves: list[Move] = []
    new: list[Meeting] = []
    gone: list[int] = []
    old_weeks, new_weeks = defaultdict(list), defaultdict(list)
    for fact in free:
        old_weeks[_monday(fact.series_day)].append(fact)
    for each in wanted:
        new_weeks[_monday(each.day)].append(each)
    for week in sorted({*old_weeks, *new_weeks}):
        pairs, more, less = _match_week(old_weeks[week], new_weeks[week])
        moves += [Move(fact.id, fact.series_day, each) for fact, each in pairs]
        new += more
        gone += [fact.id for fact in less]
    return tuple(moves), tuple(new), tuple(gone)


def _match_week(
    old: list[SessionFact], new: list[Meeting]
) -> tuple[list[tuple[SessionFact, Meeting]], list[Meeting], list[SessionFact]]:
    by_day = {each.day: each for each in new}
    same = [(fact, by_day[fact.series_day]) for fact in old if fact.series_day in by_day]
    days = {fact.series_day for fact, _ in same}
    rest_old = sorted((fact for fact in old if fact.series_day not in days), key=lambda f: f.series_day)
    rest_new = sorted((each for each in new if each.day not in days), key=lambda m: m.day)
    pairs = list(zip(rest_old, rest_new, strict=False))
    return same + pairs, rest_new[len(pairs) :], rest_old[len(pairs) :]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
