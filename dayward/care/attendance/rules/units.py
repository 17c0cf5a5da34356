"""Unit engines: what delivered minutes are in units of billing. They know no payer (requirements 5.4).

A payer's rule names an engine and its numbers. All count whole minutes and their fraction as delivered, none rounds up
where its rule does not say so, and each tells how it came to its answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import ClassVar, Protocol

from dayward.care.attendance.rules.because import Because, gettext_noop, number
from dayward.care.attendance.rules.settings import Minutes


class Period(Enum):
    """What one answer is about: services of one kind are gathered for as long."""

    SERVICE = "service"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Work:
    """The creditable minutes of each service of a period; `day_ok` is the day's verdict, where one is asked."""

    services: Sequence[Minutes]
    day_ok: bool | None = None

    @property
    def total(self) -> Fraction:
        return sum(map(Fraction, self.services), Fraction(0))

    @property
    def given(self) -> int:
        return sum(minutes > 0 for minutes in self.services)


@dataclass(frozen=True, slots=True)
class Units:
    """So many units; `code` where the minutes choose it."""

    units: Fraction
    because: Because
    code: str = ""


class Engine(Protocol):
    @property
    def period(self) -> Period: ...

    def count(self, work: Work) -> Units: ...


def _units(units: int | Fraction, message: str, rule: str, code: str = "", **words: Minutes | str) -> Units:
    filled = {key: value if isinstance(value, str) else number(value) for key, value in words.items()}
    because = Because(
        message, {**filled, "units": number(units), "code": code}, rule=rule, source="requirements 5.4"
    )
    return Units(Fraction(units), because, code)


@dataclass(frozen=True, slots=True)
class EightMinute:
    """A rest of at least eight minutes is a unit of fifteen; the day's minutes are added first (MBHP Alert 22)."""

    unit: int = 15
    least: int = 8
    period: ClassVar[Period] = Period.DAY

    def count(self, work: Work) -> Units:
        whole, rest = divmod(work.total, self.unit)
        message = gettext_noop(
            "%(total)s min are %(whole)s whole units of %(unit)s and %(rest)s min; a rest of %(least)s or more is one"
            " more: %(units)s."
        )
        found = int(whole) + (rest >= self.least)
        return _units(
            found,
            message,
            "eight_minute",
            total=work.total,
            whole=whole,
            unit=self.unit,
            rest=rest,
            least=self.least,
        )


@dataclass(frozen=True, slots=True)
class FullUnits:
    """Only whole units of one service count (Michigan PIHP encounter rules)."""

    unit: int = 15
    period: ClassVar[Period] = Period.SERVICE

    def count(self, work: Work) -> Units:
        message = gettext_noop("%(total)s min: only whole units of %(unit)s min count: %(units)s.")
        found = sum(int(minutes // self.unit) for minutes in work.services)
        return _units(found, message, "full_units", total=work.total, unit=self.unit)


@dataclass(frozen=True, slots=True)
class StartedUnits:
    """ "Up to 15 minutes": a unit begun is a unit (Michigan PIHP encounter rules)."""

    unit: int = 15
    period: ClassVar[Period] = Period.SERVICE

    def count(self, work: Work) -> Units:
        message = gettext_noop("%(total)s min: a unit of %(unit)s min that has begun counts: %(units)s.")
        found = sum(-int(-minutes // self.unit) for minutes in work.services)
        return _units(found, message, "started_units", total=work.total, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Midpoint:
    """The minutes of one service choose the code: the one with the longest minimum that was reached."""

    codes: tuple[tuple[int, str], ...] = ((16, "90832"), (38, "90834"), (53, "90837"))
    period: ClassVar[Period] = Period.SERVICE

    def count(self, work: Work) -> Units:
        least, code = max((each for each in self.codes if work.total >= each[0]), default=(0, ""))
        if not code:
            first = min(minutes for minutes, _code in self.codes)
            message = gettext_noop("%(total)s min are fewer than %(first)s: no code.")
            return _units(0, message, "midpoint", total=work.total, first=first)
        message = gettext_noop("%(total)s min are at least %(least)s: %(code)s.")
        return _units(1, message, "midpoint", code, total=work.total, least=least)


@dataclass(frozen=True, slots=True)
class TenthOfHour:
    """The day's minutes in tenths of an hour; a tenth is six whole minutes (Texas SHARS)."""

    period: ClassVar[Period] = Period.DAY

    def count(self, work: Work) -> Units:
        message = gettext_noop("%(total)s min on the day, in whole steps of 6 min: %(units)s h.")
        return _units(Fraction(int(work.total // 6), 10), message, "tenth_of_hour", total=work.total)


@dataclass(frozen=True, slots=True)
class PerDiem:
    """One unit for a day that was attended and, where something is asked of the day, passed."""

    period: ClassVar[Period] = Period.DAY

    def count(self, work: Work) -> Units:
        if not work.given:
            return _units(0, gettext_noop("Nothing was delivered on this day: %(units)s."), "per_diem")
        if work.day_ok is False:
            message = gettext_noop(
                "%(total)s min, %(services)s services: less than the day asks for: %(units)s."
            )
        else:
            message = gettext_noop("%(total)s min, %(services)s services: one unit for the day.")
        return _units(
            int(work.day_ok is not False), message, "per_diem", total=work.total, services=work.given
        )


@dataclass(frozen=True, slots=True)
class WeeklyBundle:
    """One unit for seven contiguous days with enough services (G0137: nine)."""

    services: int = 9
    period: ClassVar[Period] = Period.WEEK

    def count(self, work: Work) -> Units:
        message = gettext_noop("%(given)s services in seven days, %(services)s are needed: %(units)s.")
        return _units(
            int(work.given >= self.services),
            message,
            "weekly_bundle",
            given=work.given,
            services=self.services,
        )


@dataclass(frozen=True, slots=True)
class PerSession:
    """One unit for each session that was long enough for this person (Maryland H0005: 60 minutes)."""

    least: int = 60
    period: ClassVar[Period] = Period.SERVICE

    def count(self, work: Work) -> Units:
        message = gettext_noop("%(total)s min, at least %(least)s are needed: %(units)s.")
        found = sum(minutes > 0 and minutes >= self.least for minutes in work.services)
        return _units(found, message, "per_session", total=work.total, least=self.least)


ENGINES: Mapping[str, type[Engine]] = {
    "eight_minute": EightMinute,
    "full_units": FullUnits,
    "started_units": StartedUnits,
    "midpoint": Midpoint,
    "tenth_of_hour": TenthOfHour,
    "per_diem": PerDiem,
    "weekly_bundle": WeeklyBundle,
    "per_session": PerSession,
}


@dataclass(frozen=True, slots=True)
class Service:
    """One delivered service of a week. A co-led group is one service of the person, however many notes it has."""

    kind: str
    day: date
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Billable:
    """Units of one kind; `day` is the first of the week for a bundle. Not billed: nothing was sent to anybody."""

    kind: str
    day: date
    units: Units


def billable(
    services: Iterable[Service],
    engines: Mapping[str, Engine],
    *,
    week: date,
    days: Mapping[date, bool | None] | None = None,
) -> tuple[Billable, ...]:
    """The fourth figure (requirements 2.0): delivered minutes through the engine of their kind, if it has one."""
    pools: dict[tuple[date, str, int], list[Minutes]] = defaultdict(list)
    for number_, each in enumerate(services):
        if each.kind not in engines:
            continue
        period = engines[each.kind].period
        day = week if period is Period.WEEK else each.day
        pools[day, each.kind, number_ if period is Period.SERVICE else 0].append(each.minutes)
    verdicts = days or {}
    return tuple(
        Billable(kind, day, engines[kind].count(Work(tuple(minutes), verdicts.get(day))))
        for (day, kind, _number), minutes in sorted(pools.items())
    )
