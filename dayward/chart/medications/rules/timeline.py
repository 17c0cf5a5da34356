"""The regimen as a picture: a lane for each medication, a score over the same days. Plain values in and out.

Days run from left to right in a box of WIDTH; the template draws what stands here (requirements 3.4, job 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, LEFT, LANE = 1000, 190, 30
SCORE_TOP, SCORE_HEIGHT = 18, 96
LANES_TOP = SCORE_TOP + SCORE_HEIGHT + 22


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch with one dose, up to and without `ends`; None: still."""

    starts: date
    ends: date | None
    words: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    name: str
    stretches: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Scores:
    """A measure with its highest possible value."""

    name: str
    top: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    words: str
    held: bool

    @property
    def label(self) -> str:
        """As much of the words as the box has room for."""
        room = int((self.width - 10) / 6)
        return self.words if len(self.words) <= room else self.words[: room - 1] + "…"


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    y: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    value: int
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    points: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Picture:
    height: float
    lanes: tuple[Lane, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]


def draw(courses: Sequence[Course], scores: Sequence[Scores], first: date, last: date) -> Picture:
    """The picture from `first` to `last`, both shown."""
    scale = _Scale(first, max((last - first).days, 1))
    lanes = tuple(_lane(scale, number, course, last) for number, course in enumerate(courses))
    lines = tuple(_line(scale, each) for each in scores if each.points)
    return Picture(LANES_TOP + LANE * len(courses) + 8, lanes, lines, _ticks(scale))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    def x(self, day: date) -> float:
        share = min(max((day - self.first).days / self.days, 0), 1)
        return round(LEFT + share * (WIDTH - LEFT - 10), 1)


def _lane(scale: _Scale, number: int, course: Course, last: date) -> Lane:
    y = LANES_TOP + LANE * number
    boxes = []
    for each in course.stretches:
        left, right = scale.x(each.starts), scale.x(each.ends or last)
        if each.ends is None or right > LEFT:
            boxes.append(Box(left, y + 4, max(right - left, 3), each.words, each.held))
    return Lane(course.name, y, tuple(boxes))


def _line(scale: _Scale, scores: Scores) -> Line:
    dots = tuple(
        Dot(
            scale.x(each.day),
            round(SCORE_TOP + SCORE_HEIGHT * (1 - each.value / scores.top), 1),
            each.value,
            each.day,
        )
        for each in scores.points
    )
    return Line(scores.name, " ".join(f"{dot.x},{dot.y}" for dot in dots), dots)


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    step = max(7, -(-scale.days // 8 // 7) * 7)
    days = range(0, scale.days + 1, step)
    return tuple(
        Tick(scale.x(day), day) for day in (date.fromordinal(scale.first.toordinal() + n) for n in days)
    )
