"""One person's service week as a whole: figures, verdicts, days, spread, units and what is still possible.

Screens, stored facts and the nightly check all ask here; nothing else decides what a week came to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.because import Because
from dayward.care.attendance.rules.exemptions import Exemption, Stretch, exemption_of
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Held, Outcome, Presence, Week, count_hours
from dayward.care.attendance.rules.makeups import Forecast, forecast
from dayward.care.attendance.rules.settings import Basis, Minutes, Settings
from dayward.care.attendance.rules.spread import Gap, largest_gap
from dayward.care.attendance.rules.units import ENGINES, Billable, Service, billable
from dayward.care.attendance.rules.verdicts import DayVerdict, Figures, WeekVerdict, judge_days, judge_week

ANY = "any"  # under a program's own rule all services of a day are one kind


@dataclass(frozen=True, slots=True)
class Given:
    """What decides a week. `settings` say how minutes are counted; each floor has a verdict of its own.

    `assumed`: presences of sessions that are still to come or running, if everything goes as booked.
    """

    start: date
    zone: ZoneInfo
    sessions: tuple[Held, ...]
    presences: tuple[Presence, ...]
    prescribed: Minutes
    settings: Settings
    floors: tuple[Floor, ...]
    unit_rule: str
    assumed: tuple[Presence, ...] = ()
    reasons: tuple[Stretch, ...] = ()  # for which the week may be exempt
    began: date | None = None  # treatment
    ended: date | None = None  # its last day
    holidays: frozenset[date] = frozenset()
    largest_gap_days: int | None = None


@dataclass(frozen=True, slots=True)
class JudgedFloor:
    """A floor, who asks for it, and whether the week met it."""

    floor: Floor
    verdict: WeekVerdict

    @property
    def because(self) -> Because:
        return replace(self.verdict.because, source=self.floor.source or self.verdict.because.source)


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """The first floor is the program's; without one the week is held against nothing."""

    start: date
    week: Week
    figures: Figures
    exemption: Exemption | None
    floors: tuple[JudgedFloor, ...]
    days: tuple[DayVerdict, ...]
    separate_days: int
    gap: Gap | None
    gap_too_long: bool
    billables: tuple[Billable, ...]

    @property
    def verdict(self) -> WeekVerdict:
        """Against the first floor."""
        return self.floors[0].verdict if self.floors else _no_floor(self.figures)

    @property
    def units(self) -> Fraction:
        return sum((each.units.units for each in self.billables), Fraction(0))

    @property
    def days_ok(self) -> int | None:
        """How many days reached what is asked of a day; None where nothing is."""
        asked = [day.ok for day in self.days if day.ok is not None]
        return sum(asked) if asked else None


def count_person_week(given: Given) -> PersonWeek:
    week = count_hours(given.start, given.sessions, given.presences, given.zone, given.settings)
    days = judge_days(week, given.settings)
    served = [day.day for day in days if day.services]
    gap = largest_gap(served, given.holidays)
    most = given.largest_gap_days
    exemption = _exemption(given, week)
    return PersonWeek(
        start=given.start,
        week=week,
        figures=Figures(given.prescribed, week.scheduled, week.delivered),
        exemption=exemption,
        floors=tuple(_judged(floor, week, given, exemption) for floor in given.floors),
        days=days,
        separate_days=len(served),
        gap=gap,
        gap_too_long=most is not None and gap is not None and gap.days > most,
        billables=_billables(week, days, given),
    )


def _exemption(given: Given, week: Week) -> Exemption | None:
    floor = given.floors[0].minutes if given.floors else 0
    return exemption_of(
        given.start,
        given.reasons,
        began=given.began,
        ended=given.ended,
        enough_scheduled=week.scheduled >= floor,
    )


def _judged(floor: Floor, week: Week, given: Given, exemption: Exemption | None) -> JudgedFloor:
    settings = replace(given.settings, floor_minutes=floor.minutes, test=floor.test)
    why = (exemption.why or exemption.reason.value) if exemption else None
    return JudgedFloor(floor, judge_week(week, prescribed=given.prescribed, settings=settings, exemption=why))


def _no_floor(figures: Figures) -> WeekVerdict:
    return WeekVerdict(figures, Basis.DELIVERED, 0, True, "")


def _billables(week: Week, days: Collection[DayVerdict], given: Given) -> tuple[Billable, ...]:
    if given.unit_rule not in ENGINES:
        return ()
    services = [
        Service(ANY, credit.day, credit.minutes)
        for credit in week.credits
        if credit.counts and credit.outcome is not Outcome.CANCELLED and credit.ticks
    ]
    engine = ENGINES[given.unit_rule]()
    return billable(services, {ANY: engine}, week=given.start, days={day.day: day.ok for day in days})


@dataclass(frozen=True, slots=True)
class Outlook:
    """The week as it stands, as it will end if everything still booked is attended, and what then is missing."""

    now: PersonWeek
    then: PersonWeek
    forecast: Forecast

    @property
    def will_miss(self) -> bool:
        """Whether somebody should do something while it can be mended (the weekly guardrail)."""
        return self.forecast.short_by > 0 and self.now.exemption is None


def foresee(given: Given) -> Outlook:
    """Counted by the same engine, so that breaks, pull-outs and lateness hold for what is to come, too."""
    now = count_person_week(given)
    then = now
    if given.assumed:
        then = count_person_week(replace(given, presences=given.presences + given.assumed))
    verdict, later = now.verdict, then.verdict
    figure = verdict.figures.of(verdict.test)
    ahead = max(later.figures.of(later.test) - figure, Fraction(0))
    told = forecast(delivered=figure, ahead=ahead, floor=verdict.floor, exempt=verdict.exempt)
    return Outlook(now, then, told)
