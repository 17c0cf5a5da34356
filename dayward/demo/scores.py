"""PHQ-9 and GAD-7 of a stay: a first one at the assessment, then weekly, with the drift of requirements 6.6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dayward.chart.measures import library
from dayward.chart.measures.rules.change import Point, Track, track
from dayward.demo import papers
from dayward.demo.dice import Dice
from dayward.demo.facts import Course
from dayward.demo.special import OPEN_ANSWER, RISK_ANSWER
from dayward.demo.times import moment, working_day

PHQ, GAD, ASQ = "phq-9", "gad-7", "asq"
IMPROVES, WORSENS = 0.60, 0.12
ANSWERED, REMINDED = 0.9, 0.85  # of the weekly ones, and of those who had forgotten
ONCE_POSITIVE = 0.05  # of the stays: one answer of 1 to item 9, and a negative ASQ
EACH = timedelta(seconds=9)  # an answer


@dataclass(frozen=True)
class Filled:
    """One questionnaire, answered whole; `answers` in the order in which they were given."""

    instrument: str
    week: int  # -1: at the assessment
    at: datetime
    answers: Mapping[str, int]
    asq: Mapping[str, int] = field(default_factory=dict)  # that followed item 9

    @property
    def total(self) -> int:
        scored = library.instrument(self.instrument).scored
        return sum(self.answers[item.key] for item in scored)

    @property
    def positive(self) -> bool:
        return self.instrument == PHQ and self.answers["9"] > 0


@dataclass(frozen=True)
class Drift:
    """Where somebody begins, and how it goes week by week."""

    phq: float
    gad: float
    slope: float


def drift(dice: Dice) -> Drift:
    kind = dice.weighted((("better", IMPROVES), ("same", 1 - IMPROVES - WORSENS), ("worse", WORSENS)))
    slope = {"better": dice.normal(-0.9, 0.45), "same": dice.normal(0, 0.12), "worse": dice.normal(0.5, 0.2)}[
        kind
    ]
    return Drift(min(24, max(3, dice.normal(15.5, 5))), min(20, max(2, dice.normal(12.5, 4.3))), slope)


def first_ones(dice: Dice, at: datetime) -> Iterator[Filled]:
    """Those of the assessment, asked in the interview."""
    begins = drift(dice.of("drift"))
    yield fill(dice.of(PHQ), PHQ, -1, at, begins.phq)
    yield fill(dice.of(GAD), GAD, -1, at + timedelta(minutes=4), begins.gad)


def fill(dice: Dice, instrument: str, week: int, at: datetime, level: float, item9: int = 0) -> Filled:
    """Answers that come to about `level`, item 9 apart."""
    keys = [
        item.key for item in library.instrument(instrument).scored if (instrument, item.key) != (PHQ, "9")
    ]
    left = min(3 * len(keys), max(0, round(level)))
    given = dict.fromkeys(keys, 0)
    while left:
        key = dice.pick(keys)
        if given[key] < 3:
            given[key] += 1
            left -= 1
    if instrument == PHQ:
        given["9"] = item9
        if any(given.values()):
            given["10"] = min(3, round(sum(given.values()) / 9))
    return Filled(instrument, week, at, given, asq_after(item9))


def asq_after(item9: int) -> Mapping[str, int]:
    """What is said to the ASQ: nothing asked, all no, or one yes and the fifth question no."""
    if item9 == 0:
        return {}
    if item9 == 1:
        return dict.fromkeys(("1", "2", "3", "4"), 0)
    return {"1": 1, "2": 0, "3": 0, "4": 0, "5": 0}


def weekly(course: Course, anchor: date, zone: ZoneInfo) -> Iterator[Filled]:
    """Those of the stay, in order; none in a hold."""
    first = papers.began_on(course, zone)
    if first is None:
        return
    begins, last = drift(course.dice.of("drift")), papers.left_on(course)
    positive = _positive_week(course)
    week, day = 1, _weekday(first + timedelta(days=6))
    while day <= last:
        day = _day_of_story(course, anchor, day)
        dice = course.dice.of("scores", week)
        away = course.hold is not None and course.hold.first <= day < course.hold.back
        value = 2 if day == _open_day(course, anchor) else positive.get(week, 0)
        answered = None if away else _answered_on(dice, day, last, bool(value))
        if answered is not None:
            at = moment(answered, 15.2 if value and course.case.special else dice.between(8.0, 15.5), zone)
            told = begins.phq + begins.slope * week + dice.normal(0, 1.3)
            yield fill(dice.of(PHQ), PHQ, week, at, max(told, 9 if value else 0), value)
            worry = begins.gad + 0.7 * begins.slope * week + dice.normal(0, 1.1)
            yield fill(dice.of(GAD), GAD, week, at + timedelta(minutes=4), worry)
        week += 1
        day = _weekday(first + timedelta(days=7 * week - 1))


def _answered_on(dice: Dice, day: date, last: date, story: bool) -> date | None:
    """On the day; else the team asks on the next working day, and nearly everybody answers then."""
    if story or dice.chance(ANSWERED):
        return day
    later = working_day(day + timedelta(days=1))
    return later if dice.chance(REMINDED) and later <= last else None


def _weekday(day: date) -> date:
    """Questionnaires are offered on working days: the Friday before a weekend."""
    return day - timedelta(days=max(0, day.isoweekday() - 5))


def _positive_week(course: Course) -> dict[int, int]:
    """In which week item 9 is answered with more than zero, and with what."""
    if course.case.special:
        return {3: 2} if course.case.special == RISK_ANSWER else {}
    dice = course.dice.of("item 9")
    return {dice.whole(1, 4): 1} if dice.chance(ONCE_POSITIVE) else {}


def _open_day(course: Course, anchor: date) -> date | None:
    """The working day before the first build, on which one person gave an answer that is still open then."""
    if course.case.special != OPEN_ANSWER:
        return None
    return _weekday(anchor - timedelta(days=1))


def _day_of_story(course: Course, anchor: date, day: date) -> date:
    story = _open_day(course, anchor)
    return story if story is not None and abs((story - day).days) <= 3 else day


def points(filled: list[Filled], instrument: str) -> list[Point]:
    return [Point(each.at.date(), each.total) for each in filled if each.instrument == instrument]


def worse(filled: list[Filled], one: Filled) -> bool:
    """Whether this score is reliably worse than the first of the stay, or than the best."""
    change = library.instrument(one.instrument).change
    before = [each for each in filled if each.at <= one.at]
    return change is not None and track(points(before, one.instrument), change) is Track.RED
