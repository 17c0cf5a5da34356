"""How long the hours engine takes from intervals to verdicts, with every rule of the requirements at work."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.results import Result
from dayward.care.attendance.rules.hours import Held, Presence, count_hours
from dayward.care.attendance.rules.settings import LateRule, Settings
from dayward.care.attendance.rules.verdicts import judge_days, judge_week
from dayward.kernel.spans import Span

INTERVALS = 1_000_000
GOAL_SECONDS = 10.0
ZONE = ZoneInfo("America/Chicago")
START = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 22, 6, tzinfo=UTC)  # in Chicago
SETTINGS = Settings(
    floor_minutes=540, late_rule=LateRule.DENY, minimum_presence=Fraction(1, 2), day_minimum_minutes=180
)
DIFFERENT = 1_000  # person-weeks; the same thousand again and again, so that building them is not measured


@dataclass(frozen=True)
class PersonWeek:
    sessions: tuple[Held, ...]
    intervals: tuple[Presence, ...]


def measure() -> list[Result]:
    weeks = [person_week(Random(number)) for number in range(DIFFERENT)]
    done, started = 0, time.process_time()  # of one core, whatever else the machine does
    while done < INTERVALS:
        for each in weeks:
            judge(each)
            done += len(each.intervals)
    seconds = time.process_time() - started
    return [Result("hours of 1,000,000 intervals", round(seconds * INTERVALS / done, 2), "s", GOAL_SECONDS)]


def judge(each: PersonWeek) -> None:
    week = count_hours(START, each.sessions, each.intervals, ZONE, SETTINGS)
    judge_week(week, prescribed=540, settings=SETTINGS)
    judge_days(week, SETTINGS)


def person_week(random: Random) -> PersonWeek:
    """Three evenings of three groups and a visit that is pulled out of one of them; some come late, leave or return."""
    sessions: list[Held] = []
    intervals: list[Presence] = []
    for day in (1, 3, 5):
        for hour in (17, 18, 19):
            start = MIDNIGHT + timedelta(days=day, hours=hour)
            pause = Span(start + timedelta(minutes=25), start + timedelta(minutes=30))
            sessions.append(Held(len(sessions), Span(start, start + timedelta(minutes=55)), (pause,)))
            came = start + timedelta(minutes=random.choice([-5, 0, 0, 3, 12, 20]))
            left = start + timedelta(minutes=random.randrange(35, 60))
            intervals.append(Presence(sessions[-1].id, Span(came, left)))
            if random.random() < 0.2:
                again = Span(left + timedelta(minutes=2), left + timedelta(minutes=20))
                intervals.append(Presence(sessions[-1].id, again))
    start = sessions[0].span.start + timedelta(minutes=20)
    visit = Held(len(sessions), Span(start, start + timedelta(minutes=25)), counts=False)
    return PersonWeek((*sessions, visit), (*intervals, Presence(visit.id, visit.span)))
