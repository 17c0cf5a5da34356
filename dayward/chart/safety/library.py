"""Reads the table of who may sign what; the system check `safety.E001` refuses one that is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.chart.safety.rules.qualification import Act, Diagnoses, Scope
from dayward.kernel.errors import Misconfigured

QUALIFICATIONS = Path(__file__).parent / "library" / "qualifications"


@cache
def qualifications(name: str = "us-general") -> dict[str, Scope]:
    """The table by kind of credential."""
    with (QUALIFICATIONS / name / "table.toml").open("rb") as file:
        return read(tomllib.load(file), name)


def examples(name: str) -> list[dict[str, Any]]:
    """The worked examples beside a table."""
    with (QUALIFICATIONS / name / "examples.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["example"]
    return rows


def names() -> list[str]:
    return sorted(folder.name for folder in QUALIFICATIONS.iterdir() if folder.is_dir())


def read(content: dict[str, Any], name: str) -> dict[str, Scope]:
    """The table from what is in the file; Misconfigured with the place when something is wrong."""
    try:
        return {kind: _scope(kind, row) for kind, row in content.items() if isinstance(row, dict)}
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"qualifications/{name}/table.toml: {problem!r}") from problem


def _scope(kind: str, row: dict[str, Any]) -> Scope:
    unknown = set(row) - {"acts", "diagnose", "license", "source"}
    if unknown or not row["source"]:
        raise ValueError(f"{kind}: {sorted(unknown) or 'a source is needed'}")
    return Scope(
        kind=kind,
        acts=frozenset(Act(act) for act in row["acts"]),
        diagnoses=Diagnoses(row["diagnose"]),
        needs_license=bool(row["license"]),
        source=str(row["source"]),
    )
