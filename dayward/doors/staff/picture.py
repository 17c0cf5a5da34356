"""The course of one person as a picture: weeks from left to right, lanes that line up. Plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDE, NARROW = 54, 40  # width of a week, in units of the picture
ROOMY = 18  # up to so many weeks they are wide
LEFT = 8
FEWEST, MOST = 14, 40  # weeks shown
LABEL_ROWS = 3
LETTER = 6.1  # about the width of a letter of a label
EVENTS_TOP, ROW = 14, 16
UNLABELED = EVENTS_TOP + ROW * LABEL_ROWS  # marks that found no room for their words
LEVELS_TOP, LEVEL_HEIGHT = 76, 24
HOLD_TOP, HOLD_HEIGHT = 17, 6  # a strip along the foot of the level
HOURS_TOP, HOURS_HEIGHT = 106, 74
AXIS = HOURS_TOP + HOURS_HEIGHT


@dataclass(frozen=True)
class Event:
    """Something that happened on a day."""

    day: date
    label: str


@dataclass(frozen=True)
class Stretch:
    """A level of care, or a hold, from a day to a day (exclusive; None: still)."""

    label: str
    starts: date
    ends: date | None
    kind: str = "level"


@dataclass(frozen=True)
class WeekMinutes:
    """What a service week held."""

    starts: date
    delivered: int
    scheduled: int
    floor: int


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    label: str
    title: str
    anchor: str = "start"


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    label: str
    title: str
    kind: str


@dataclass(frozen=True)
class Bar:
    """One week: what was delivered, and the outline of what was scheduled."""

    x: float
    y: float
    width: float
    height: float
    outline_y: float
    outline_height: float
    title: str
    met: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    weeks: tuple[Mark, ...]
    events: tuple[Mark, ...]
    stretches: tuple[Box, ...]
    bars: tuple[Bar, ...]
    floors: tuple[tuple[float, float, float], ...]  # x1, x2, y
    today: float
    axis: int = AXIS
    events_top: int = EVENTS_TOP


@dataclass(frozen=True)
class Words:
    """The sentences of the picture, in the reader's language; the weeks' titles by their first day."""

    weeks: dict[date, str]
    days: dict[date, str]


def draw(
    first: date,
    today: date,
    events: Sequence[Event],
    stretches: Sequence[Stretch],
    weeks: Sequence[WeekMinutes],
    words: Words,
) -> Picture:
    """Lay it out; `first` is the first day of a week. A longer course shows its latest weeks."""
    count = max(FEWEST, (today - first).days // 7 + 2)
    if count > MOST:
        first, count = first + timedelta(weeks=count - MOST), MOST
    scale = _Scale(first, count)
    top = max(
        [week.scheduled for week in weeks]
        + [week.delivered for week in weeks]
        + [week.floor for week in weeks]
        + [60]
    )
    shown = [week for week in weeks if scale.holds(week.starts)]
    return Picture(
        width=LEFT * 2 + count * scale.week,
        height=AXIS + 22,
        weeks=_week_marks(scale, words),
        events=_place(scale, events),
        stretches=tuple(_box(scale, each, today) for each in stretches if scale.touches(each)),
        bars=tuple(_bar(scale, week, top, words) for week in shown),
        floors=_floors(scale, shown, top),
        today=scale.x(today),
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    count: int

    def x(self, day: date) -> float:
        """Where a day stands; days outside stand at the edge."""
        weeks = (day - self.first).days / 7
        return round(LEFT + min(max(weeks, 0.0), float(self.count)) * self.week, 1)

    @property
    def week(self) -> int:
        return WIDE if self.count <= ROOMY else NARROW

    def holds(self, day: date) -> bool:
        return self.first <= day < self.first + timedelta(weeks=self.count)

    def touches(self, each: Stretch) -> bool:
        last = self.first + timedelta(weeks=self.count)
        return each.starts < last and (each.ends is None or each.ends > self.first)


def _week_marks(scale: _Scale, words: Words) -> tuple[Mark, ...]:
    days = [scale.first + timedelta(weeks=number) for number in range(scale.count)]
    return tuple(
        Mark(scale.x(day), AXIS + 14, words.days.get(day, day.isoformat()) if number % 2 == 0 else "", "")
        for number, day in enumerate(days)
    )


def _place(scale: _Scale, events: Sequence[Event]) -> tuple[Mark, ...]:
    """Labels in up to three rows, the latest first, so that none lies over another.

    One that finds no room keeps its mark and its title.
    """
    right = LEFT + scale.count * scale.week
    free = [float(right)] * LABEL_ROWS  # up to where a row is still empty, from the left
    found = []
    in_order = sorted(events, key=lambda each: each.day)
    for event in reversed(in_order):
        if not scale.holds(event.day):
            continue
        x, width = scale.x(event.day), len(event.label) * LETTER + 12
        anchor = "end" if x + width > right else "start"
        begins = x - width if anchor == "end" else x
        row = next((number for number, end in enumerate(free) if begins + width <= end and begins >= 0), None)
        if row is not None:
            free[row] = begins
        y = EVENTS_TOP + ROW * (LABEL_ROWS - 1 - row) if row is not None else UNLABELED
        found.append(Mark(x, y, event.label if row is not None else "", event.label, anchor))
    return tuple(reversed(found))


def _box(scale: _Scale, each: Stretch, today: date) -> Box:
    x, end = scale.x(each.starts), scale.x(each.ends or today + timedelta(days=1))
    width = max(end - x, 4.0)
    if each.kind == "hold":
        return Box(x, LEVELS_TOP + HOLD_TOP, round(width, 1), HOLD_HEIGHT, "", each.label, each.kind)
    label = each.label if len(each.label) * LETTER + 8 <= width else ""
    return Box(x, LEVELS_TOP, round(width, 1), LEVEL_HEIGHT, label, each.label, each.kind)


def _bar(scale: _Scale, week: WeekMinutes, top: int, words: Words) -> Bar:
    x = scale.x(week.starts) + 5
    tall = round(HOURS_HEIGHT * week.delivered / top, 1)
    outline = round(HOURS_HEIGHT * week.scheduled / top, 1)
    return Bar(
        x=x,
        y=round(AXIS - tall, 1),
        width=scale.week - 10,
        height=tall,
        outline_y=round(AXIS - outline, 1),
        outline_height=outline,
        title=words.weeks.get(week.starts, ""),
        met=week.delivered >= week.floor,
    )


def _floors(scale: _Scale, weeks: Sequence[WeekMinutes], top: int) -> tuple[tuple[float, float, float], ...]:
    """The floor as a line over the weeks it holds for."""
    return tuple(
        (
            scale.x(week.starts),
            scale.x(week.starts) + scale.week,
            round(AXIS - HOURS_HEIGHT * week.floor / top, 1),
        )
        for week in weeks
        if week.floor
    )
