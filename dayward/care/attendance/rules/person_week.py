"""One person's service week as a whole: figures, verdicts, days, spread, units and what is still possible.

Screens, stored facts and the nightly check all ask here; nothing else decides what a week came to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from zoneinfo import ZoneInfo

from dayward.care.attendance.rules.because import Because
from dayward.care.attendance.rules.exemptions import Exemption, Stretch, exemption_of
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Held, Outcome, Presence, Week, count_hours
from dayward.care.attendance.rules.kinds import counted_by, told_apart
from dayward.care.attendance.rules.makeups import Carried, Carry, Forecast, carried, forecast
from dayward.care.attendance.rules.settings import Basis, Minutes, Settings
from dayward.care.attendance.rules.spread import Gap, largest_gap
from dayward.care.attendance.rules.units import ENGINES, Billable, Service, billable
from dayward.care.attendance.rules.verdicts import DayVerdict, Figures, WeekVerdict, judge_days, judge_week
from dayward.care.attendance.rules.weeks import WEEK, ServiceSpan
from dayward.kernel.time import WeekDefinition, week_start

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
    span: ServiceSpan | None = None  # None: seven days from `start`
    carries: tuple[Carry, ...] = ()  # of the person's make-ups in other weeks
    carries_then: tuple[Carry, ...] = ()  # the same, if everything goes as booked

    @property
    def days(self) -> ServiceSpan:
        return self.span or ServiceSpan(self.start, self.start + WEEK, WeekDefinition.SUNDAY)


@dataclass(frozen=True, slots=True)
class JudgedFloor:
    """A floor, who asks for it, and whether the week met it."""

    floor: Floor
    span: ServiceSpan  # of the week it was held against: its own, where it cuts weeks in its own way
    verdict: WeekVerdict
    exemption: Exemption | None = None
    days: tuple[DayVerdict, ...] = ()  # where it asks something of a day, too
    apart: tuple[Because, ...] = ()  # what counts here and not for the program, or the other way round

    @property
    def because(self) -> Because:
        found = self.verdict.because
        return replace(found, source=self.floor.source or found.source, more=(*found.more, *self.apart))

    @property
    def days_ok(self) -> int:
        return sum(day.ok is True for day in self.days)


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """The first floor is the program's; without one the week is held against nothing."""

    start: date
    length: int  # days
    week: Week
    figures: Figures
    exemption: Exemption | None  # from the program's floor
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
    span = given.days
    week = _count(given, span)
    days = judge_days(week, given.settings)
    served = [day.day for day in days if day.services]
    gap = largest_gap(served, given.holidays)
    most = given.largest_gap_days
    floors = tuple(_judge(week, given))
    return PersonWeek(
        start=given.start,
        length=span.days,
        week=week,
        figures=_figures(given, week),
        exemption=floors[0].exemption if floors else _exemption(given, enough_scheduled=True),
        floors=floors,
        days=days,
        separate_days=len(served),
        gap=gap,
        gap_too_long=most is not None and gap is not None and gap.days > most,
        billables=_billables(week, days, given),
    )


def _count(given: Given, span: ServiceSpan) -> Week:
    return count_hours(
        span.start, given.sessions, given.presences, given.zone, given.settings, length=span.days
    )


def _figures(given: Given, week: Week) -> Figures:
    """As the program counts: by its floor's word on make-ups."""
    moved = carried(given.carries, given.days, given.floors[0].asked_by) if given.floors else Carried()
    return Figures(given.prescribed, week.scheduled, week.delivered + moved.minutes, moved)


def _exemption(given: Given, *, enough_scheduled: bool) -> Exemption | None:
    return exemption_of(
        given.start,
        given.reasons,
        began=given.began,
        ended=given.ended,
        enough_scheduled=enough_scheduled,
        length=given.days.days,
    )


def _judge(week: Week, given: Given) -> Iterator[JudgedFloor]:
    """Each floor by its own week, test, kinds of services and word on make-ups; none replaces another.

    What was left of a week may have been enough for one floor and not for a higher one.
    """
    for floor in given.floors:
        span = own_span(floor, given)
        if span is None:
            continue
        own = counted_by(floor, given.sessions, given.zone)
        same = span == given.days and own is given.sessions
        counted = week if same else _count(replace(given, sessions=own), span)
        settings = replace(given.settings, floor_minutes=floor.minutes, test=floor.test)
        exemption = _exemption(given, enough_scheduled=counted.scheduled >= floor.minutes)
        verdict = judge_week(
            counted,
            prescribed=given.prescribed,
            settings=settings,
            exemption=(exemption.why or exemption.reason.value) if exemption else None,
            carried=carried(given.carries, span, floor.asked_by),
        )
        apart = told_apart(floor, given.sessions, own, counted)
        yield JudgedFloor(floor, span, verdict, exemption, _days(floor, counted, settings), apart)


def own_span(floor: Floor, given: Given) -> ServiceSpan | None:
    """The week that begins in these days as who asks cuts weeks; in a short week there may be none."""
    if floor.week is None or floor.week is given.days.definition is not WeekDefinition.ROLLING:
        return given.days
    days = [given.start + timedelta(days=n) for n in range(given.days.days)]
    starts = (day for day in days if week_start(day, floor.week, given.began) == day)
    start = next(starts, None)
    return ServiceSpan(start, start + WEEK, floor.week) if start else None


def _days(floor: Floor, week: Week, settings: Settings) -> tuple[DayVerdict, ...]:
    if not floor.asks_of_days:
        return ()
    own = replace(
        settings,
        day_minimum_minutes=floor.day_minimum_minutes,
        day_minimum_services=floor.day_minimum_services,
    )
    return judge_days(week, own)


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


class FloorState(str, Enum):
    """How a week stands against one floor."""

    MET = "met"
    EXEMPT = "exempt"
    NOT_MET = "not_met"
    WILL_MISS = "will_miss"  # if everything still booked is attended
    ON_THE_WAY = "on_the_way"


@dataclass(frozen=True, slots=True)
class FloorOutlook:
    """A floor as the week stands, and what the week will come to against it."""

    judged: JudgedFloor
    forecast: Forecast

    def state(self, today: date) -> FloorState:
        """What is scheduled settles nothing before the week is over: a session may still be called off."""
        verdict, running = self.judged.verdict, today < self.judged.span.end
        if verdict.met and not (running and verdict.test is Basis.SCHEDULED):
            return FloorState.MET
        if running and not self.forecast.short_by:  # no exemption is needed yet
            return FloorState.ON_THE_WAY
        if verdict.exempt:
            return FloorState.EXEMPT
        return FloorState.WILL_MISS if running else FloorState.NOT_MET


@dataclass(frozen=True, slots=True)
class Outlook:
    """The week as it stands, as it will end if everything still booked is attended, and what then is missing.

    One forecast for each floor, in their order; without any, one against nothing.
    """

    now: PersonWeek
    then: PersonWeek
    forecasts: tuple[Forecast, ...]

    @property
    def floors(self) -> tuple[FloorOutlook, ...]:
        return tuple(FloorOutlook(*each) for each in zip(self.now.floors, self.forecasts, strict=False))

    @property
    def forecast(self) -> Forecast:
        """Against the program's floor."""
        return self.forecasts[0]

    @property
    def short_by(self) -> Fraction:
        """To the floor that is missed by most."""
        return max(each.short_by for each in self.forecasts)

    @property
    def shortages(self) -> tuple[tuple[Floor, Fraction], ...]:
        """Each floor, and what will be missing to it."""
        return tuple((each.judged.floor, each.forecast.short_by) for each in self.floors)


def foresee(given: Given) -> Outlook:
    """Counted by the same engine, so that breaks, pull-outs and lateness hold for what is to come, too."""
    now = count_person_week(given)
    then = now
    if given.assumed or given.carries_then != given.carries:
        everything = given.presences + given.assumed
        then = count_person_week(replace(given, presences=everything, carries=given.carries_then))
    pairs = [(one.verdict, other.verdict) for one, other in zip(now.floors, then.floors, strict=True)]
    told = [_forecast(one, other) for one, other in pairs or [(now.verdict, then.verdict)]]
    return Outlook(now, then, tuple(told))


def _forecast(now: WeekVerdict, then: WeekVerdict) -> Forecast:
    figure = now.figures.of(now.test)
    ahead = max(then.figures.of(then.test) - figure, Fraction(0))
    return forecast(delivered=figure, ahead=ahead, floor=now.floor, exempt=now.exempt)
