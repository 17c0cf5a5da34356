"""The course of one measure as a picture: dates from left to right, bands as shading, a bracket for reliable change.

Plain values in and out; the template draws them as SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dayward.chart.measures.rules.change import Point
from dayward.chart.measures.rules.instrument import Instrument

LEFT, RIGHT, TOP, BOTTOM = 30, 14, 6, 18  # room for the numbers and the days
LEAST_DAYS = 14


@dataclass(frozen=True)
class Size:
    width: int
    height: int


SMALL, LARGE = Size(360, 96), Size(760, 240)


@dataclass(frozen=True)
class Shade:
    y: float
    height: float
    step: int  # 0 the lightest
    label: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    total: int
    day: date


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    left: int
    right: float  # end of the plot
    shades: tuple[Shade, ...]
    dots: tuple[Dot, ...]
    line: str
    cutoff: float | None
    bracket: tuple[float, float, float] | None  # x, from, to: what is noise around the first score
    top: float
    bottom: float

    @property
    def plot_width(self) -> float:
        return self.right - self.left

    @property
    def scale_x(self) -> int:
        return self.left - 4

    @property
    def top_text(self) -> float:
        return self.top + 8

    @property
    def bracket_right(self) -> float:
        return self.first.x - 4

    @property
    def foot(self) -> int:
        return self.height - 4

    @property
    def first(self) -> Dot:
        return self.dots[0]

    @property
    def last(self) -> Dot:
        return self.dots[-1]


def draw(
    instrument: Instrument, points: Sequence[Point], words: dict[str, str], size: Size = SMALL
) -> Picture | None:
    """None without a score."""
    if not points or instrument.change is None:
        return None
    plot = _Plot(size, instrument.highest, points[0].day, points[-1].day)
    dots = tuple(Dot(plot.x(point.day), plot.y(point.total), point.total, point.day) for point in points)
    threshold = instrument.change.threshold
    low, high = max(points[0].total - threshold, 0), min(points[0].total + threshold, instrument.highest)
    return Picture(
        width=size.width,
        height=size.height,
        left=LEFT,
        right=size.width - RIGHT,
        shades=tuple(
            Shade(
                plot.y(band.highest + 0.5),
                round(plot.y(band.lowest - 0.5) - plot.y(band.highest + 0.5), 1),
                step,
                words.get(band.key, band.key),
            )
            for step, band in enumerate(instrument.bands)
        ),
        dots=dots,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        cutoff=plot.y(instrument.change.cutoff),
        bracket=(dots[0].x - 8, plot.y(high), plot.y(low)),
        top=plot.y(instrument.highest),
        bottom=plot.y(0),
    )


@dataclass(frozen=True)
class _Plot:
    size: Size
    highest: int
    first: date
    last: date

    def x(self, day: date) -> float:
        days = max((self.last - self.first).days, LEAST_DAYS)
        width = self.size.width - LEFT - RIGHT - 16
        return round(LEFT + 12 + width * (day - self.first).days / days, 1)

    def y(self, total: float) -> float:
        inside = min(max(total, 0.0), float(self.highest))
        height = self.size.height - TOP - BOTTOM
        return round(TOP + height * (1 - inside / self.highest), 1)
