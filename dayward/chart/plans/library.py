"""Reads the starters and the table of who signs; the system check `plans.E001` refuses what is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.care.catalog.models import Program
from dayward.chart.plans.rules.starters import Beginning, Starter, StarterObjective
from dayward.chart.plans.rules.team import Seat
from dayward.foundation.people.models import Credential
from dayward.kernel.errors import Misconfigured

HOME = Path(__file__).parent / "library"
MEASURES = ("", "phq-9", "gad-7")
FEWEST_SEATS = 3  # requirements 1.5: at least three of the team


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"{path.parent.name}/{path.name}: {problem}") from problem


@cache
def starters() -> dict[str, Starter]:
    """By key, which is the name of the folder."""
    folders = sorted(each for each in (HOME / "starters").iterdir() if each.is_dir())
    return {each.name: starter(_read(each / "starter.toml"), each.name) for each in folders}


def starter(content: dict[str, Any], key: str) -> Starter:
    """One starter from what is in its file; Misconfigured with the place when something is wrong."""
    try:
        unknown = set(content) - {"title", "statement", "codes", "streams", "ask", "objective", "education"}
        streams = frozenset(Program.Stream(each).value for each in content["streams"])
        if unknown or not streams:
            raise ValueError(sorted(unknown) or "no stream")
        return Starter(
            key=key,
            title=str(content["title"]),
            statement=str(content["statement"]),
            codes=tuple(str(code) for code in content["codes"]),
            streams=streams,
            ask=str(content["ask"]),
            objectives=tuple(_objective(row) for row in content["objective"]),
            education=str(content["education"]["text"]),
        )
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"starters/{key}/starter.toml: {problem!r}") from problem


def _objective(row: dict[str, Any]) -> StarterObjective:
    found = StarterObjective(
        str(row["text"]), str(row["target"]), int(row["weeks"]), str(row.get("measure", ""))
    )
    if found.measure not in MEASURES or found.weeks < 1:
        raise ValueError(f"{found.measure} {found.weeks}")
    return found


@cache
def beginning() -> Beginning:
    content = _read(HOME / "starters" / "criteria.toml")
    try:
        texts = {key: str(content[key]) for key in ("transition", "therapy", "medication")}
        return Beginning(criteria=tuple(str(each) for each in content["criteria"]), **texts)
    except KeyError as problem:
        raise Misconfigured(f"starters/criteria.toml: {problem!r}") from problem


@cache
def seats(name: str = "us-general") -> dict[str, Seat]:
    """The team's signatures by key, in order."""
    return read_seats(_read(HOME / "team" / name / "table.toml"), name)


def read_seats(content: dict[str, Any], name: str) -> dict[str, Seat]:
    try:
        found = {key: _seat(key, row) for key, row in content["seat"].items()}
        if len(found) < FEWEST_SEATS:
            raise ValueError("at least three of the team sign")
        return found
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"team/{name}/table.toml: {problem!r}") from problem


def _seat(key: str, row: dict[str, Any]) -> Seat:
    kinds = frozenset(Credential.Kind(kind).value for kind in row["kinds"])
    if not kinds or not row["source"] or set(row) - {"title", "kinds", "source"}:
        raise ValueError(f"{key}: kinds, title and source are needed, and nothing else")
    return Seat(key, str(row["title"]), kinds, str(row["source"]))


def starter_examples() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(HOME / "starters" / "examples.toml")["example"]
    return rows


def seat_examples(name: str = "us-general") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(HOME / "team" / name / "examples.toml")["example"]
    return rows
