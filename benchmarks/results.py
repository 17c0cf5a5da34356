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
    rows = [
        (
            result.name,
            f"{result.value:g} {result.unit}",
            "" if result.goal is None else f"{result.goal:g}",
            verdict(result),
        )
        for result in results
    ]
    head = ("what", "value", "goal", "")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(3)]
    lines = [
        f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d}".rstrip() for a, b, c, d in [head, *rows]
    ]
    return "\n".join(lines)


def verdict(result: Result) -> str:
    return "" if result.met is None else "met" if result.met else "MISSED"


def write(results: Iterable[Result], place: Path) -> None:
    place.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n", encoding="utf-8")
