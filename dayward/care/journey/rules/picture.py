"""Draws the table: one SVG per machine and a page of Markdown. Both are made from the table alone.

`python -m dayward.care.journey.rules.picture docs` writes them; a test keeps them up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from dayward.care.journey.rules.evidence import BY_KEY as EVIDENCE
from dayward.care.journey.rules.machine import NOTHING, Machine, State, Transition
from dayward.care.journey.rules.states import STATES, open_states
from dayward.care.journey.rules.table import TABLE

TITLES = {
    Machine.INTAKE: "The intake case",
    Machine.EPISODE: "The episode",
    Machine.AFTERCARE: "Aftercare and alumni",
}
BOX_WIDTH, BOX_HEIGHT, ROW_GAP, LEFT = 210, 38, 46, 50
ENDS_X = 640
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2a2e}.t{font-weight:600;font-size:17px}"
    ".n{font-size:11px;fill:#55636a;paint-order:stroke;stroke:#fbfaf7;stroke-width:4px}"
    ".o{fill:#fff;stroke:#2f6f66;stroke-width:1.5}.e{fill:#eef1f0;stroke:#7d8a8f}"
    ".a{fill:none;stroke:#2f6f66;stroke-width:1.3}.b{fill:none;stroke:#9a6b2f;stroke-width:1.3}"
)
ARROW_HEAD = (
    '<defs><marker id="h" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0L8 4L0 8z" fill="#2f6f66"/></marker></defs>'
)
INTRODUCTION = """\
Made from `dayward/care/journey/rules/table.py` by `python -m dayward.care.journey.rules.picture docs`;
do not edit. Numbers (T1-T27) are those of the requirements. Gates: **H** refuses, **S** asks for a reason,
**P** warns unless the clinic's policy makes it hard. *Awaited* evidence belongs to a package that cannot
prove it yet; its transitions are not offered."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """All rows between two states, drawn as one line."""

    source: str
    target: str
    rows: tuple[Transition, ...]

    @property
    def ids(self) -> str:
        return ", ".join(dict.fromkeys(row.source_id for row in self.rows))


def arrows(machine: Machine) -> tuple[Arrow, ...]:
    """The moves of a machine, grouped by their two ends, without rows that hold from every open state."""
    found: dict[tuple[str, str], list[Transition]] = {}
    for row in TABLE:
        if row.machine != machine or row.target is None or _from_anywhere(row):
            continue
        for source in row.sources:
            found.setdefault((source, row.target), []).append(row)
    return tuple(Arrow(source, target, tuple(rows)) for (source, target), rows in found.items())


def _from_anywhere(row: Transition) -> bool:
    return len(row.sources) > 1 and set(row.sources) == set(open_states(row.machine))


def svg(machine: Machine) -> str:
    """One picture: open states in order on the left, ends on the right, a lane of its own for each jump."""
    states = [state for state in STATES if state.machine == machine]
    places = _places(states)
    height = 106 + max(y for _, y in places.values()) + BOX_HEIGHT
    lanes = sum(1 for arrow in arrows(machine) if _is_jump(arrow, states))
    left = LEFT + lanes * 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + 900} {height + 30}" role="img">',
        f"<title>{escape(TITLES[machine])}</title><style>{STYLE}</style>",
        ARROW_HEAD,
        '<rect width="100%" height="100%" fill="#fbfaf7"/>',
        f'<text class="t" x="20" y="30">{escape(TITLES[machine])}</text><g transform="translate({left} 66)">',
        *_lines(machine, states, places),
        *(_box(state, places[state.key]) for state in states),
        "</g>",
        *_footer(machine, height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _places(states: list[State]) -> dict[str, tuple[int, int]]:
    step = BOX_HEIGHT + ROW_GAP
    opened = [state for state in states if not state.ends]
    ended = [state for state in states if state.ends]
    places = {state.key: (0, index * step) for index, state in enumerate(opened)}
    gap = max(BOX_HEIGHT + 14, (len(opened) * step) // max(1, len(ended)))
    ended.sort(key=lambda state: _height_of_sources(state, places))
    return places | {state.key: (ENDS_X, index * gap) for index, state in enumerate(ended)}


def _height_of_sources(end: State, places: dict[str, tuple[int, int]]) -> float:
    """Where the arrows into an end come from on average, so that lines cross little."""
    heights = [
        places[arrow.source][1]
        for arrow in arrows(end.machine)
        if arrow.target == end.key and arrow.source in places
    ]
    return sum(heights) / len(heights) if heights else float("inf")


def _box(state: State, place: tuple[int, int]) -> str:
    x, y = place
    kind = "e" if state.ends else "o"
    return (
        f'<rect class="{kind}" x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8"/>'
        f'<text x="{x + BOX_WIDTH // 2}" y="{y + 24}" text-anchor="middle">{escape(state.label)}</text>'
    )


def _is_jump(arrow: Arrow, states: list[State]) -> bool:
    opened = [state.key for state in states if not state.ends]
    if arrow.source not in opened or arrow.target not in opened:
        return arrow.source not in opened and arrow.source != NOTHING
    return opened.index(arrow.target) - opened.index(arrow.source) != 1


def _lines(machine: Machine, states: list[State], places: dict[str, tuple[int, int]]) -> Iterator[str]:
    jumps = 0
    leaving: dict[str, int] = {}
    for arrow in arrows(machine):
        x2, y2 = places[arrow.target]
        if arrow.source == NOTHING:
            yield _line(f"M{x2 + 105} {y2 - 22}V{y2 - 2}", arrow.ids, x2 + 112, y2 - 10)
            continue
        x1, y1 = places[arrow.source]
        if x1 == x2 == 0 and not _is_jump(arrow, states):
            yield _line(
                f"M{x1 + 105} {y1 + BOX_HEIGHT}V{y2 - 2}",
                arrow.ids,
                x1 + 112,
                (y1 + y2 + BOX_HEIGHT) // 2 + 4,
            )
        elif x1 == x2 == 0:
            jumps += 1
            yield _jump(arrow, y1, y2, jumps)
        else:
            leaving[arrow.source] = leaving.get(arrow.source, 0) + 1
            yield _sideways(arrow, (x1, y1), (x2, y2), leaving[arrow.source])


def _jump(arrow: Arrow, y1: int, y2: int, number: int) -> str:
    """A move that skips states or goes back: a lane of its own left of the boxes, brown when going back."""
    lane = -10 - number * 18
    start, end = y1 + 12 + number % 4 * 5, y2 + 10 + number % 4 * 5
    kind = "b" if y2 < y1 else "a"
    return _line(f"M0 {start}H{lane}V{end}H-2", arrow.ids, lane + 2, start - 3, kind)


def _sideways(arrow: Arrow, source: tuple[int, int], target: tuple[int, int], number: int) -> str:
    """A move to an end (or back from one), to the right."""
    (x1, y1), (x2, y2) = source, target
    if x1 > x2:  # from an end back into the machine
        path = f"M{x1} {y1 + 30}C{x1 - 160} {y1 + 40} {BOX_WIDTH + 160} {y2 + 40} {BOX_WIDTH + 2} {y2 + 32}"
        return _line(path, arrow.ids, x1 - 36, y1 + 45, "b")
    y = y1 + 4 + number * 8
    path = f"M{BOX_WIDTH} {y}C{BOX_WIDTH + 200} {y} {x2 - 200} {y2 + 19} {x2 - 2} {y2 + 19}"
    return _line(path, arrow.ids, BOX_WIDTH + 8 + (number - 1) * 46, y - 3)


def _line(path: str, label: str, x: int, y: int, kind: str = "a") -> str:
    return (
        f'<path class="{kind}" d="{path}" marker-end="url(#h)"/>'
        f'<text class="n" x="{x}" y="{y}">{escape(label)}</text>'
    )


def _footer(machine: Machine, height: int) -> Iterator[str]:
    anywhere = [row for row in TABLE if row.machine == machine and _from_anywhere(row)]
    actions = [row for row in TABLE if row.machine == machine and row.target is None]
    labels = "; ".join(f"{row.source_id} {row.label}" for row in anywhere)
    yield (
        f'<text class="n" x="20" y="{height}">From every open state: {escape(labels)}.</text>'
        if anywhere
        else ""
    )
    stays = "; ".join(f"{row.source_id} {row.label}" for row in actions)
    yield (
        f'<text class="n" x="20" y="{height + 18}">The state stays: {escape(stays)}.</text>'
        if actions
        else ""
    )


def markdown() -> str:
    """The page `docs/machine.md`."""
    parts = ["# The machine", "", INTRODUCTION]
    for machine in Machine:
        parts += [
            "",
            f"## {TITLES[machine]}",
            "",
            f"![{TITLES[machine]}](machine-{machine.value}.svg)",
            "",
            *_table(machine),
        ]
    parts += [
        "",
        "## Evidence",
        "",
        "| Key | Proved by | What it says | Who can give it |",
        "|---|---|---|---|",
    ]
    for item in EVIDENCE.values():
        package = f"{item.package} (awaited)" if item.awaited else item.package
        parts.append(f"| `{item.key}` | {package} | {item.sentence} | {item.who} |")
    return "\n".join(parts) + "\n"


def _table(machine: Machine) -> Iterator[str]:
    yield "| # | From | To | What | Who | Evidence | Reason |"
    yield "|---|---|---|---|---|---|---|"
    for row in TABLE:
        if row.machine == machine:
            asks = "<br>".join(f"{ask.gate.value} `{ask.key}`{_mark(ask.key)}" for ask in row.asks) or "–"
            reason = "asked" if row.needs_reason else "–"
            yield (
                f"| {row.source_id} | {_from(row)} | {_to(row)} | **{row.label}.** {row.sentence} "
                f"| {row.who} | {asks} | {reason} |"
            )


def _mark(key: str) -> str:
    return " *awaited*" if EVIDENCE[key].awaited else ""


def _from(row: Transition) -> str:
    if _from_anywhere(row):
        return "*every open state*"
    return ", ".join(_label(source) for source in row.sources)


def _to(row: Transition) -> str:
    return "*stays*" if row.target is None else _label(row.target)


def _label(key: str) -> str:
    return next((state.label for state in STATES if state.key == key), "*nothing yet*")


def pages() -> dict[str, str]:
    """File name -> content of everything that is made from the table."""
    return {"machine.md": markdown()} | {f"machine-{machine.value}.svg": svg(machine) for machine in Machine}


def main(folder: str) -> None:
    for name, text in pages().items():
        (Path(folder) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
