"""A day or a week as columns with blocks of time, placed by CSS classes (the policy allows no style attributes).

`python -m dayward.ui.timegrid` writes the classes to `static/ui/timegrid.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import lcm
from pathlib import Path

STEP = 5  # minutes in a row
ROWS = 24 * 60 // STEP
MAX_COLUMNS = 60
MAX_LANES = 12
CSS_FILE = Path(__file__).parent / "static" / "ui" / "timegrid.css"


@dataclass(frozen=True)
class Block:
    """One booking. Minutes since local midnight; `state` and `tone` 1-6 only add to what the words say."""

    start: int
    end: int
    title: str
    time: str = ""
    lines: tuple[str, ...] = ()
    url: str = ""
    state: str = ""
    word: str = ""
    tone: int = 0
    ghost: bool = False  # free time, an offer, a pulled-out part


@dataclass(frozen=True)
class Column:
    """A day, room, clinician or person; columns next to each other with one `group` share a head."""

    title: str
    blocks: tuple[Block, ...] = ()
    note: str = ""
    group: str = ""
    url: str = ""
    today: bool = False


@dataclass(frozen=True)
class Placed:
    """A block with its place: row, length in rows, lane, width in lanes."""

    block: Block
    row: int
    span: int
    lane: int
    width: int

    @property
    def short(self) -> bool:
        """Too low for more than one line of text."""
        return self.span * STEP < 40

    @property
    def low(self) -> bool:
        """Too low for a title of two lines."""
        return self.span * STEP < 75


@dataclass(frozen=True)
class PlacedColumn:
    column: Column
    lanes: int
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Hour:
    label: str
    row: int


@dataclass(frozen=True)
class Group:
    title: str
    span: int


@dataclass(frozen=True)
class Grid:
    """What `{% week_grid %}` draws."""

    columns: tuple[PlacedColumn, ...]
    hours: tuple[Hour, ...]
    rows: int
    groups: tuple[Group, ...] = field(default=())
    now_row: int = 0


def lay_out(
    columns: Sequence[Column], *, first_hour: int = 8, last_hour: int = 18, now: int | None = None
) -> Grid:
    """Place every block; the hours stretch so that no block is cut off.

    `now` is the minute of the day for the line that says so.
    """
    if len(columns) > MAX_COLUMNS:
        raise ValueError(f"at most {MAX_COLUMNS} columns")
    blocks = [block for column in columns for block in column.blocks]
    first = min([first_hour, *(block.start // 60 for block in blocks)])
    last = max([last_hour, *(-(-block.end // 60) for block in blocks)])
    last = min(last, 24)
    shown_now = now is not None and first * 60 <= now < last * 60
    return Grid(
        columns=tuple(_place(column, first) for column in columns),
        hours=tuple(Hour(_clock(hour), _row(hour * 60, first)) for hour in range(first, last)),
        rows=(last - first) * 60 // STEP,
        groups=tuple(_groups(columns)),
        now_row=_row(now, first) if shown_now and now is not None else 0,
    )


def _clock(hour: int) -> str:
    """As a US clinic writes it: 9 am."""
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"


def _row(minute: int, first: int) -> int:
    return (minute - first * 60) // STEP + 1


def _groups(columns: Sequence[Column]) -> Iterable[Group]:
    if not any(column.group for column in columns):
        return
    for title, members in groupby(columns, key=lambda column: column.group):
        yield Group(title, len(list(members)))


def _place(column: Column, first: int) -> PlacedColumn:
    """Blocks that overlap stand side by side; a block that overlaps none has the whole width."""
    clusters = list(_clusters(column.blocks))
    lanes = min(lcm(*(cluster.lanes for cluster in clusters)), MAX_LANES) if clusters else 1
    return PlacedColumn(
        column, lanes, tuple(placed for cluster in clusters for placed in _spread(cluster, lanes, first))
    )


@dataclass
class _Cluster:
    """Blocks that overlap, directly or through one another, each with its lane from 0."""

    end: int = 0
    lanes: int = 0
    blocks: list[tuple[Block, int]] = field(default_factory=list)


def _clusters(blocks: Iterable[Block]) -> Iterable[_Cluster]:
    cluster, ends = _Cluster(), list[int]()
    for block in sorted(blocks, key=lambda b: (b.start, -b.end, b.title)):
        if cluster.blocks and block.start >= cluster.end:
            yield cluster
            cluster, ends = _Cluster(), []
        lane = next((i for i, taken in enumerate(ends) if taken <= block.start), len(ends))
        ends[lane : lane + 1] = [_end(block)]
        cluster.blocks.append((block, lane))
        cluster.end, cluster.lanes = max(ends), len(ends)
    if cluster.blocks:
        yield cluster


def _end(block: Block) -> int:
    return min(max(block.end, block.start + STEP), 24 * 60)


def _spread(cluster: _Cluster, lanes: int, first: int) -> Iterable[Placed]:
    width = max(lanes // cluster.lanes, 1)
    for block, lane in cluster.blocks:
        row = _row(block.start, first)
        span = max(_row(_end(block) + STEP - 1, first) - row, 1)
        yield Placed(block, row, span, min(lane * width, lanes - 1) + 1, width)


def css() -> str:
    """The placement classes."""
    rules = ["/* Made by `python -m dayward.ui.timegrid`; do not edit. */"]
    rules += [f".tg-r{n}{{grid-row-start:{n}}}" for n in range(1, ROWS + 1)]
    rules += [f".tg-s{n}{{grid-row-end:span {n}}}" for n in range(1, ROWS + 1)]
    rules += [f".tg-l{n}{{grid-column-start:{n}}}" for n in range(1, MAX_LANES + 1)]
    rules += [f".tg-g{n}{{grid-column-end:span {n}}}" for n in range(1, MAX_COLUMNS + 1)]
    rules += [f".tg-n{n}{{grid-template-columns:repeat({n},minmax(0,1fr))}}" for n in range(1, MAX_LANES + 1)]
    rules += [
        f".tg-c{n}{{grid-template-columns:var(--tg-hours) repeat({n},minmax(var(--tg-min),1fr))}}"
        for n in range(1, MAX_COLUMNS + 1)
    ]
    return "\n".join(rules) + "\n"


if __name__ == "__main__":
    CSS_FILE.write_text(css(), encoding="utf-8")
