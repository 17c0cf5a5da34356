"""What in a schedule is against a limit: plain facts in, findings out (requirements 2.7, 2.10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from dayward.care.schedule.rules.limits import Check, Limit


def gettext_noop(message: str) -> str:
    """Return the message; `makemessages` finds it by this function's name, the screen translates it."""
    return message


SENTENCES = {
    Check.GROUP_MOST: gettext_noop("%(taken)s people, and at most %(number)s may be in it."),
    Check.GROUP_LEAST: gettext_noop("%(taken)s person is booked, and a group has at least %(number)s."),
    Check.PER_LEADER: gettext_noop(
        "%(taken)s people and %(leaders)s who lead it: at most %(number)s for each."
    ),
    Check.CASELOAD: gettext_noop(
        "%(taken)s people in the program and %(leaders)s counselors who lead sessions: at most %(number)s for each."
    ),
    Check.GAP: gettext_noop(
        "%(days)s days without a service between %(after)s and %(before)s; at most %(number)s."
    ),
    Check.SEPARATE_DAYS: gettext_noop("%(days)s separate days in this week; at least %(number)s."),
    Check.LEADS: gettext_noop("%(name)s has no credential that may lead this kind of service."),
    Check.SUPERVISED: gettext_noop("%(name)s works under supervision, and no supervisor who may countersign is named."),
    Check.LICENSED: gettext_noop("The license of %(name)s runs out before that day."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is against a limit, in words that name no patient."""

    limit: Limit
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """With named places, to be translated first."""
        return SENTENCES[self.limit.check]

    def __str__(self) -> str:
        return self.message % self.words


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads; `credentials` are those that hold on the day, `expired` those that have run out."""

    name: str
    credentials: frozenset[str] = frozenset()
    expired: frozenset[str] = frozenset()
    supervisor: frozenset[str] | None = None  # credentials of theirs; None: nobody is named


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session as the checks see it. `taken` may be the planned cap."""

    form: str
    taken: int
    leaders: tuple[Leader, ...] = ()
    age: str = ""
    stream: str = ""
    group: bool = True
    cap: int = 0


def check_meeting(limits: Iterable[Limit], meeting: Meeting) -> tuple[Finding, ...]:
    """Group limits, people for each leader, and who leads."""
    about = [
        limit for limit in limits if limit.is_about(form=meeting.form, age=meeting.age, stream=meeting.stream)
    ]
    return tuple(found for limit in about for found in _meeting(limit, meeting))


def _meeting(limit: Limit, meeting: Meeting) -> Iterable[Finding]:
    taken, leaders = meeting.taken, len(meeting.leaders)
    words = {"taken": str(taken), "number": str(limit.number), "leaders": str(leaders)}
    if meeting.group and _against_size(limit, taken, leaders):
        yield Finding(limit, words)
    for leader in meeting.leaders:
        if _against_leader(limit, leader):
            yield Finding(limit, {"name": leader.name})


def _against_size(limit: Limit, taken: int, leaders: int) -> bool:
    return (
        (limit.check is Check.GROUP_MOST and taken > limit.number)
        or (limit.check is Check.GROUP_LEAST and 0 < taken < limit.number)
        or (limit.check is Check.PER_LEADER and leaders > 0 and taken > limit.number * leaders)
    )


def _against_leader(limit: Limit, leader: Leader) -> bool:
    """Of somebody whose credentials nobody has written down, nothing is known; one that ran out is told once."""
    known = leader.credentials | leader.expired
    if not known:
        return False
    if limit.check is Check.LICENSED:
        return bool(leader.expired - leader.credentials)
    if limit.check is Check.LEADS:
        return not known & limit.credentials
    if limit.check is Check.SUPERVISED:
        return known <= limit.credentials and (leader.supervisor or frozenset()) <= limit.credentials
    return False


# -- a person's week -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """The service week of one person as it is booked: clinical minutes by day, with a week before and after."""

    start: date
    minutes: Mapping[date, int]
    closed: Collection[date] = ()
    began: date | None = None  # treatment
    ended: date | None = None  # its last day

    def treatment_week(self) -> int | None:
        """1 for the week in which treatment began."""
        if self.began is None:
            return None
        return 1 - (self.began - self.start).days // 7


def check_week(
    limits: Iterable[Limit], planned: Planned, *, age: str = "", stream: str = ""
) -> tuple[Finding, ...]:
    """Separate days and gaps of one week."""
    about = [limit for limit in limits if limit.is_about(age=age, stream=stream)]
    return tuple(found for limit in about for found in _week(limit, planned))


def _week(limit: Limit, planned: Planned) -> Iterable[Finding]:
    days = sorted(day for day, minutes in planned.minutes.items() if minutes >= max(limit.minutes, 1))
    if limit.check is Check.SEPARATE_DAYS and _in_weeks(limit, planned):
        count = sum(planned.start <= day < planned.start + timedelta(days=7) for day in days)
        if count < limit.number:
            yield Finding(limit, {"days": str(count), "number": str(limit.number)})
    if limit.check is Check.GAP:
        for one, other in pairwise(days):
            empty = _empty(one, other, planned.closed)
            if empty > limit.number and _ends_in(planned.start, other):
                words = {"days": str(empty), "number": str(limit.number)}
                yield Finding(limit, {**words, "after": one.isoformat(), "before": other.isoformat()})


def _in_weeks(limit: Limit, planned: Planned) -> bool:
    """A week in which treatment only begins or ends is not whole."""
    week = planned.treatment_week()
    last = planned.start + timedelta(days=6)
    if (planned.began and planned.began > planned.start) or (planned.ended and planned.ended < last):
        return False
    if limit.weeks is None:
        return True
    return week is not None and limit.weeks[0] <= week <= limit.weeks[1]


def _empty(one: date, other: date, closed: Collection[date]) -> int:
    between = (one + timedelta(days=n) for n in range(1, (other - one).days))
    return sum(day not in closed for day in between)


def _ends_in(start: date, other: date) -> bool:
    """Each gap is told in one week: that in which it ends."""
    return start <= other < start + timedelta(days=7)


# -- the program -----------------------------------------------------------------------------------------------


def check_caseload(
    limits: Iterable[Limit], *, people: int, counselors: int, age: str = "", stream: str = ""
) -> tuple[Finding, ...]:
    """People in a program for each counselor who leads sessions in it."""
    return tuple(
        Finding(limit, {"taken": str(people), "leaders": str(counselors), "number": str(limit.number)})
        for limit in limits
        if limit.check is Check.CASELOAD
        and limit.is_about(age=age, stream=stream)
        and people > limit.number * counselors
    )
