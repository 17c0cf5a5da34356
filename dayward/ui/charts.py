"""Small pictures as plain values; templates draw them as SVG. Nothing here knows a patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

WIDTH = 1000  # of a week bar, in units of its own viewBox


def hours(minutes: int) -> str:
    """Minutes as people say them."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return gettext("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": whole}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": whole, "minutes": rest}


@dataclass(frozen=True)
class WeekBar:
    """Lengths in units of the viewBox, and the same in words."""

    delivered: int
    scheduled: int
    floor: int
    prescribed: int
    state: str
    word: str
    short: str
    text: str


def week_bar(
    delivered: int, *, floor: int = 0, scheduled: int = 0, prescribed: int = 0, over: bool = False
) -> WeekBar:
    """Delivered minutes, what is still scheduled, and the floor.

    `scheduled` counts the whole week's sessions; what is still to come is the difference. `over`: the week has ended.
    """
    to_come = max(scheduled - delivered, 0)
    whole = max(delivered + to_come, floor, prescribed, 1)
    state, word = _week_state(delivered, delivered + to_come, floor, over)
    words = [
        gettext("%(delivered)s of %(floor)s") % {"delivered": hours(delivered), "floor": hours(floor)}
        if floor
        else hours(delivered)
    ]
    if to_come:
        words.append(gettext("%(hours)s to come") % {"hours": hours(to_come)})
    return WeekBar(
        delivered=_share(delivered, whole),
        scheduled=_share(to_come, whole),
        floor=_share(floor, whole),
        prescribed=_share(prescribed, whole),
        state=state,
        word=word,
        short=words[0],
        text=", ".join([*words, word]),
    )


def _week_state(delivered: int, expected: int, floor: int, over: bool) -> tuple[str, str]:
    if not floor:
        return "quiet", gettext("no floor set")
    if delivered >= floor:
        return "ok", gettext("floor met")
    if over:
        return "warn", gettext("floor missed")
    if expected >= floor:
        return "info", gettext("on the way")
    return "warn", gettext("will fall short")


def _share(part: int, whole: int) -> int:
    return round(WIDTH * part / whole)


@dataclass(frozen=True)
class Line:
    """Points of a small line in a box of 100 by 24."""

    points: str
    last_x: float
    last_y: float


def sparkline(values: Sequence[float]) -> Line:
    """The values from left to right; a flat line in the middle when they are all one."""
    if not values:
        return Line("", 0, 12)
    low, high = min(values), max(values)
    step = 96 / max(len(values) - 1, 1)
    spread = (high - low) or 1
    points = [
        (round(2 + step * i, 1), round(22 - 20 * (value - low) / spread, 1) if high > low else 12.0)
        for i, value in enumerate(values)
    ]
    return Line(" ".join(f"{x},{y}" for x, y in points), *points[-1])
