"""Reads the tables of who may sign what and of guardians; system checks (`safety.E001`, `E004`) refuse bad ones."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.chart.safety.rules.guardians import ANY, Policy
from dayward.chart.safety.rules.qualification import Act, Diagnoses, Scope
from dayward.kernel.errors import Misconfigured

QUALIFICATIONS = Path(__file__).parent / "library" / "qualifications"
GUARDIANS = Path(__file__).parent / "library" / "guardians" / "us-general"
CLASSES = frozenset({"acute", "same_day", "review"})


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


@cache
def guardian_policies() -> dict[str, Policy]:
    """By state of the site, for which alerts about minors a guardian is asked for."""
    with (GUARDIANS / "table.toml").open("rb") as file:
        return read_policies(tomllib.load(file))


def guardian_examples() -> list[dict[str, Any]]:
    with (GUARDIANS / "examples.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["example"]
    return rows


def read_policies(content: dict[str, Any]) -> dict[str, Policy]:
    """Misconfigured where a class is unknown, a source is missing, or nothing is said for any other state."""
    try:
        table = {
            state: Policy(frozenset(row["ask"]), frozenset(row["mail"]), str(row["source"]))
            for state, row in content.items()
        }
        wrong = [
            state for state, each in table.items() if (each.ask | each.mail) - CLASSES or not each.source
        ]
        if wrong or ANY not in table:
            raise ValueError(", ".join(wrong) or ANY)
    except (KeyError, ValueError, TypeError) as problem:
        raise Misconfigured(f"guardians/table.toml: {problem!r}") from problem
    return table
