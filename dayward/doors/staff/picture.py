"""The course of one person as a picture: weeks from left to right, lanes that line up. Plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

FULL = 1080  # what all weeks share, in units of the picture: a desk's screen shows the whole course
WIDE, NARROW = 76, 27  # a week at most, at least
LEFT, RIGHT = 84, 36  # the names of the lanes; a number behind the last score
FEWEST, MOST = 14, 40  # weeks shown
LABEL_ROWS = 3
LETTER = 6.1  # about the width of a letter of a label
EVENTS_TOP, ROW = 14, 16
LEVELS_TOP, LEVEL_HEIGHT = 76, 24
HOLD_TOP, HOLD_HEIGHT = 17, 6  # a strip along the foot of the level
HOURS_TOP, HOURS_HEIGHT = 106, 74
AXIS = HOURS_TOP + HOURS_HEIGHT
GAP, FOOT = 10, 22  # between lanes; the days below the last
SCORE_HEIGHT, ABSENT_HEIGHT = 58, 12
NOTED_ROWS = 2  # of what is changed in the medication
BESIDE = 9  # a bracket stands left of its score


@dataclass(frozen=True)
class Event:
    """Something that happened on a day."""

    day: date
    label: str
    kind: str = ""


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
class Missed:
    """A day with an absence."""

    day: date
    label: str
    excused: bool


@dataclass(frozen=True)
class Shade:
    """A published range of totals."""

    lowest: int
    highest: int
    label: str


@dataclass(frozen=True)
class Scored:
    """A total on a day, and what it says in words."""

    day: date
    total: int
    label: str


@dataclass(frozen=True)
class Measured:
    """One measure's scores; a difference of `threshold` or more is more than noise."""

    name: str
    highest: int
    threshold: int
    shades: tuple[Shade, ...]
    scores: tuple[Scored, ...]


@dataclass(frozen=True)
class Beside:
    """The lanes below the hours: each is there when it has something."""

    missed: Sequence[Missed] = ()
    measured: Sequence[Measured] = ()
    changed: Sequence[Event] = ()  # of the medication; `kind` is start, up, down, hold, resume, stop
    is_over: bool = False  # then no line says "today"


NOTHING_BESIDE = Beside()


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    label: str
    title: str
    anchor: str = "start"
    kind: str = ""


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
class Ruled:
    """Scores of one measure over its bands; the bracket is what is noise around the first of them."""

    name: str
    top: float
    height: float
    shades: tuple[Box, ...]
    dots: tuple[Mark, ...]
    line: str
    bracket: tuple[float, float, float]  # x, from, to

    @property
    def last(self) -> Mark:
        return self.dots[-1]

    @property
    def bracket_right(self) -> float:
        return self.dots[0].x - 4


@dataclass(frozen=True)
class Lane:
    """Where a lane stands, for its name on the left."""

    key: str
    y: float


@dataclass(frozen=True)
class Picture:
    width: int
    height: float
    weeks: tuple[Mark, ...]
    events: tuple[Mark, ...]
    stretches: tuple[Box, ...]
    bars: tuple[Bar, ...]
    floors: tuple[tuple[float, float, float], ...]  # x1, x2, y
    missed: tuple[Mark, ...]
    measured: tuple[Ruled, ...]
    changed: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    today: float | None
    foot: float
    left: int = LEFT
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
    beside: Beside = NOTHING_BESIDE,
) -> Picture:
    """Lay it out; `first` is the first day of a week. A longer course shows its latest weeks."""
    count = max(FEWEST, (today - first).days // 7 + 2)
    if count > MOST:
        first, count = first + timedelta(weeks=count - MOST), MOST
    scale = _Scale(first, count)
    top = max([each for week in weeks for each in (week.scheduled, week.delivered, week.floor)] + [60])
    shown = [week for week in weeks if scale.holds(week.starts)]
    below = _below(scale, beside, has_hours=bool(shown))
    return Picture(
        width=LEFT + RIGHT + count * scale.week,
        height=below.y + FOOT,
        weeks=_week_marks(scale, words, below.y),
        events=_place(scale, events, EVENTS_TOP, LABEL_ROWS),
        stretches=tuple(_box(scale, each, today) for each in stretches if scale.touches(each)),
        bars=tuple(_bar(scale, week, top, words) for week in shown),
        floors=_floors(scale, shown, top),
        missed=below.missed,
        measured=tuple(below.measured),
        changed=below.changed,
        lanes=tuple(below.lanes),
        today=None if beside.is_over else scale.x(today),
        foot=below.y,
    )


@dataclass
class _Below:
    """The lanes under the hours, from the top down."""

    y: float = AXIS
    lanes: list[Lane] = field(default_factory=list)
    missed: tuple[Mark, ...] = ()
    measured: list[Ruled] = field(default_factory=list)
    changed: tuple[Mark, ...] = ()

    def add(self, key: str, height: float) -> float:
        """Room for one more; gives its top."""
        top = self.y + GAP
        self.lanes.append(Lane(key, top + min(height, 24.0) / 2))
        self.y = top + height
        return top


def _below(scale: _Scale, beside: Beside, *, has_hours: bool) -> _Below:
    below = _Below(lanes=[Lane("events", EVENTS_TOP), Lane("level", LEVELS_TOP + LEVEL_HEIGHT / 2)])
    if has_hours:
        below.lanes.append(Lane("hours", HOURS_TOP + HOURS_HEIGHT / 2))
    missed = [each for each in beside.missed if scale.holds(each.day)]
    if missed:
        middle = below.add("missed", ABSENT_HEIGHT) + ABSENT_HEIGHT / 2
        below.missed = tuple(
            Mark(scale.x(each.day), middle, "", each.label, kind="excused" if each.excused else "")
            for each in missed
        )
    for measured in beside.measured:
        scores = [score for score in measured.scores if scale.holds(score.day)]
        if scores:
            below.measured.append(_ruled(scale, measured, scores, below.add(measured.name, SCORE_HEIGHT)))
    if any(scale.holds(each.day) for each in beside.changed):
        top = below.add("changed", ROW * (NOTED_ROWS + 1)) + ROW / 2
        below.changed = _place(scale, beside.changed, top, NOTED_ROWS)
    return below


def _ruled(scale: _Scale, measured: Measured, scores: Sequence[Scored], top: float) -> Ruled:
    def y(total: float) -> float:
        inside = min(max(total, 0.0), float(measured.highest))
        return round(top + SCORE_HEIGHT * (1 - inside / measured.highest), 1)

    dots = tuple(Mark(scale.x(each.day), y(each.total), str(each.total), each.label) for each in scores)
    width = float(scale.count * scale.week)
    shades = tuple(
        Box(LEFT, high, width, round(low - high, 1), "", shade.label, str(step))
        for step, shade in enumerate(measured.shades)
        for high, low in [(y(shade.highest + 0.5), y(shade.lowest - 0.5))]
    )
    return Ruled(
        name=measured.name,
        top=top,
        height=SCORE_HEIGHT,
        shades=shades,
        dots=dots,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        bracket=(
            dots[0].x - BESIDE,
            y(scores[0].total + measured.threshold),
            y(scores[0].total - measured.threshold),
        ),
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
        return min(max(FULL // self.count, NARROW), WIDE)

    def holds(self, day: date) -> bool:
        return self.first <= day < self.first + timedelta(weeks=self.count)

    def touches(self, each: Stretch) -> bool:
        last = self.first + timedelta(weeks=self.count)
        return each.starts < last and (each.ends is None or each.ends > self.first)


def _week_marks(scale: _Scale, words: Words, foot: float) -> tuple[Mark, ...]:
    days = [scale.first + timedelta(weeks=number) for number in range(scale.count)]
    return tuple(
        Mark(scale.x(day), foot + 14, words.days.get(day, day.isoformat()) if number % 2 == 0 else "", "")
        for number, day in enumerate(days)
    )


def _place(scale: _Scale, events: Sequence[Event], top: float, rows: int) -> tuple[Mark, ...]:
    """Labels in a few rows, the latest first, so that none lies over another.

    One that finds no room keeps its mark and its title.
    """
    right = LEFT + scale.count * scale.week
    free = [float(right)] * rows  # up to where a row is still empty, from the left
    found = []
    in_order = sorted(events, key=lambda each: each.day)
    for event in reversed(in_order):
        if not scale.holds(event.day):
            continue
        x, width = scale.x(event.day), len(event.label) * LETTER + 12
        anchor = "end" if x + width > right else "start"
        begins = x - width if anchor == "end" else x
        row = next(
            (number for number, end in enumerate(free) if begins + width <= end and begins >= LEFT), None
        )
        if row is not None:
            free[row] = begins
        y = top + ROW * (rows - 1 - row) if row is not None else top + ROW * rows
        label = event.label if row is not None else ""
        found.append(Mark(x, y, label, event.label, anchor, event.kind))
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
