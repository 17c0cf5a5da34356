"""A program's week: everybody's four figures, who will miss the floor, and which seats would mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from dayward.care.attendance.picture import Strip, longest, strip
from dayward.care.attendance.queries.context import WEEK, WeekFrame
from dayward.care.attendance.queries.counting import Material, read_material
from dayward.care.attendance.queries.makeups import open_missed
from dayward.care.attendance.queries.mending import MendingSeat, mending
from dayward.care.attendance.queries.rates import Rates, read_rates, summed
from dayward.care.attendance.queries.week import FloorLine, floor_lines
from dayward.care.attendance.rules.person_week import FloorState, Outlook, foresee
from dayward.care.attendance.words import exempt_words, in_words, week_sentence
from dayward.care.catalog.models import Program
from dayward.care.journey.models import Segment
from dayward.care.schedule.queries.seats import seats_for_many
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import same_rows, whose_of
from dayward.kernel.gathering import Reading, all_of, alone, both
from dayward.kernel.time import local_day

TIGHT = 15  # minutes: as little is left as one late arrival takes (requirements 5.5)


class Standing(Enum):
    """How a week stands, the most urgent first."""

    MISSES = "misses"  # or missed, once it is over
    TIGHT = "tight"
    ON_THE_WAY = "on_the_way"
    REACHED = "reached"
    EXEMPT = "exempt"
    NO_FLOOR = "no_floor"


@dataclass(frozen=True)
class Line:
    """One person's week."""

    person: Person
    frame: WeekFrame
    outlook: Outlook
    strip: Strip
    today: date
    unconfirmed: int
    seats: tuple[MendingSeat, ...] = ()
    searched: bool = False  # whether seats were looked for

    @property
    def running(self) -> bool:
        return self.today < self.frame.end

    @cached_property
    def standing(self) -> Standing:
        """Where the week will be against all of its floors if everything still booked is attended."""
        states = {each.state(self.today) for each in self.outlook.floors}
        if not self.outlook.now.verdict.floor:
            return Standing.NO_FLOOR
        if states == {FloorState.MET}:
            return Standing.REACHED
        if states & {FloorState.WILL_MISS, FloorState.NOT_MET}:
            return Standing.MISSES
        if FloorState.EXEMPT in states:
            return Standing.EXEMPT
        tight = self.slack <= TIGHT and self.outlook.now.exemption is None
        return Standing.TIGHT if tight else Standing.ON_THE_WAY

    @property
    def short_by(self) -> Fraction:
        """To the floor that is missed by most, whoever asks for it."""
        return self.outlook.short_by

    @property
    def missed_of_another(self) -> str:
        """Who asks for the floor that is missed by most, where the program's is met."""
        missed = [(short_by, floor.source) for floor, short_by in self.outlook.shortages if short_by]
        if not missed or self.outlook.forecast.short_by:
            return ""
        return max(missed, key=lambda each: each[0])[1]

    @cached_property
    def slack(self) -> Fraction:
        return min(each.delivered + each.ahead - each.floor for each in self.outlook.forecasts)

    @property
    def sentence(self) -> str:
        """What the week will come to while it runs, and what it came to afterwards."""
        verdict = self.outlook.now.verdict
        if self.running and verdict.floor and not verdict.met:
            return in_words(self.outlook.forecast.because, why=self.exempt)
        return week_sentence(self.outlook.now, running=self.running)

    @property
    def others(self) -> list[FloorLine]:
        """The floors that others ask for besides the program."""
        return floor_lines(self.outlook, self.today)[1:]

    @property
    def exempt(self) -> str:
        """Why, of the program's floor or else of another's."""
        reasons = (each.judged.exemption for each in self.outlook.floors)
        return exempt_words(next(filter(None, reasons), None))

    @property
    def asked_by(self) -> str:
        """Who asks for the floor, where there is one."""
        floors = self.outlook.now.floors
        return floors[0].floor.source if floors else ""

    @property
    def units(self) -> float:
        return float(self.outlook.now.units)

    @property
    def prescribed(self) -> int:
        return int(self.outlook.now.figures.prescribed)

    @property
    def scheduled(self) -> int:
        return int(self.outlook.now.figures.scheduled)

    @property
    def delivered(self) -> int:
        return int(self.outlook.now.figures.delivered)

    @property
    def days(self) -> int:
        """Separate days with a service, those to come too."""
        return self.outlook.then.separate_days

    @property
    def gap(self) -> int | None:
        found = self.outlook.then.gap
        return found.days if found else None

    @property
    def gap_too_long(self) -> bool:
        return self.outlook.then.gap_too_long

    @property
    def order(self) -> tuple[int, Fraction, str]:
        return list(Standing).index(self.standing), self.slack, self.person.called.casefold()


@dataclass(frozen=True)
class ProgramWeek:
    """The week of everybody in a program whom the reader may see."""

    program: Program
    day: date  # one of its days; weeks may begin on different days
    lines: tuple[Line, ...]
    running: bool
    rates: Rates  # of the four weeks before

    def number(self, *standings: Standing) -> int:
        return sum(line.standing in standings for line in self.lines)

    @property
    def misses(self) -> int:
        return self.number(Standing.MISSES)

    @property
    def tight(self) -> int:
        return self.number(Standing.TIGHT)

    @property
    def reached(self) -> int:
        return self.number(Standing.REACHED)

    @property
    def on_the_way(self) -> int:
        return self.number(Standing.ON_THE_WAY)

    @property
    def exempt(self) -> int:
        return self.number(Standing.EXEMPT)

    @property
    def other_floors(self) -> bool:
        """Whether somebody besides the program asks for a floor in one of the pictures."""
        return any(mark.x is not None for line in self.lines for mark in line.strip.others)

    @property
    def unconfirmed(self) -> int:
        return sum(line.unconfirmed for line in self.lines)


OpenTo = Callable[[Sequence[Person]], Reading[set[int]]]


def program_week(
    program: Program, day: date, *, open_to: OpenTo, now: datetime | None = None, seats: bool = True
) -> ProgramWeek:
    """The week that holds `day`, of those in the program whose charts are open (`open_to`). Eight queries.

    This is the weekly guardrail: at any moment who will miss the floor by the end of the week, and by how much.
    """
    instant = now or timezone.now()
    found = alone(_read(program, day, open_to, instant))
    if not (found.running and seats):
        return found
    return replace(found, lines=tuple(sorted(_with_seats(found.lines, instant), key=lambda line: line.order)))


def _read(program: Program, day: date, open_to: OpenTo, now: datetime) -> Reading[ProgramWeek]:
    rows, same = yield from both(all_of(_stays(program, day)), all_of(same_rows()))
    everybody = {row.episode.person_id: row.episode.person for row in rows}
    whose = whose_of(everybody, dict(same))
    since, until = day - 5 * WEEK + timedelta(days=1), day - timedelta(days=1)
    opened, (material, rates) = yield from both(
        open_to(list(everybody.values())),
        both(read_material(whose, day, day), read_rates([program], since, until)),
    )
    shown = {
        whose[pk]: everybody[pk] for pk in sorted(opened)
    }  # a duplicate is read as the one it is the same as
    lines = _lines(program, day, material, shown, now)
    today = local_day(now, program.site.zone)
    return ProgramWeek(
        program=program,
        day=day,
        lines=tuple(lines),
        running=any(line.running for line in lines) or today <= day,
        rates=summed(since, until, [row for row in rates if row["person"] in shown]),
    )


def _lines(
    program: Program, day: date, material: Material, people: Mapping[int, Person], now: datetime
) -> list[Line]:
    frames = [
        frame
        for person in sorted(people)
        if (frame := material.context.frame(person, day)) and frame.segment.track.program_id == program.pk
    ]
    outlooks = [foresee(given) for given in material.given(frames, now)]
    most, today = longest(outlooks), local_day(now, program.site.zone)
    lines = [
        Line(
            person=people[frame.person],
            frame=frame,
            outlook=outlook,
            strip=strip(outlook, most, today),
            today=today,
            unconfirmed=sum(seat.is_unconfirmed(now) for seat in material.of(frame)),
        )
        for frame, outlook in zip(frames, outlooks, strict=True)
    ]
    return sorted(lines, key=lambda line: line.order)


def _stays(program: Program, day: date) -> QuerySet[Segment]:
    """Everybody with a stay in the program that touches the days around."""
    rows = Segment.objects.filter(track__program=program, starts_on__lte=day + timedelta(days=6))
    return rows.exclude(ends_on__lte=day - timedelta(days=6)).select_related("episode__person__site")


def _with_seats(lines: Sequence[Line], now: datetime) -> list[Line]:
    """For those who will miss the floor, the seats of this week that would mend it."""
    short = [line for line in lines if line.standing is Standing.MISSES]
    if not short:
        return list(lines)
    last = max(line.frame.end for line in short) - timedelta(days=1)
    people = [line.person for line in short]
    found = seats_for_many(people, until=last, now=now)
    missed = open_missed(people, now=now) if any(found.values()) else {}
    return [
        replace(
            line,
            seats=mending(
                line.outlook, line.frame, found.get(line.person.pk, ()), missed.get(line.person.pk, ())
            ),
            searched=True,
        )
        if line.standing is Standing.MISSES
        else line
        for line in lines
    ]
