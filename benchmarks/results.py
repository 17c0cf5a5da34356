"""Results as a table for people and as JSON for later comparison."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One number, and what it ought to be at most."""

    name: str
    value: float
    unit: str
    goal: float | None
    met: bool | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "met", None if self.goal is None else self.value <= self.goal)


def table(results: Iterable[Result]) -> str:
    """One line a thing: results named `thing: figure` stand side by side."""
    lines: dict[str, list[str]] = {}
    for result in results:
        thing, _, figure = result.name.partition(": ")
        lines.setdefault(thing, []).append(f"{figure} {shown(result)}".strip())
    width = max(map(len, lines), default=0)
    return "\n".join(
        f"{thing:<{width}}  {'  '.join(f'{part:<24}' for part in parts)}".rstrip()
        for thing, parts in lines.items()
    )


def shown(result: Result) -> str:
    missed = f" MISSED {result.goal:g}" if result.met is False else ""
    return f"{result.value:g} {'' if result.unit == 'queries' else result.unit}".strip() + missed


def write(results: Iterable[Result], place: Path) -> None:
    place.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")
