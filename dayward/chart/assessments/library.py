"""Reads what clinics may change: the sections, and the criteria sets. Checks refuse what is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.chart.assessments.rules.levels import Criteria, Dimension, Rating
from dayward.chart.assessments.rules.sections import Group, Section
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"
POPULATIONS = frozenset({"adult", "adolescent"})


@cache
def groups() -> tuple[Group, ...]:
    """The sections of the assessment, in their groups."""
    content = _toml(LIBRARY / "biopsychosocial" / "sections.toml")
    try:
        return read_groups(content)
    except (KeyError, TypeError, ValueError) as problem:
        raise Misconfigured(f"biopsychosocial/sections.toml: {problem!r}") from problem


@cache
def sections() -> tuple[Section, ...]:
    return tuple(section for group in groups() for section in group.sections)


@cache
def section_titles() -> dict[str, str]:
    return {section.key: section.title for section in sections()}


@cache
def criteria_sets() -> dict[str, Criteria]:
    """The criteria sets by the name of their folder."""
    names = sorted(folder.name for folder in (LIBRARY / "criteria").iterdir() if folder.is_dir())
    return {name: criteria(name) for name in names}


def criteria(name: str) -> Criteria:
    content = _toml(LIBRARY / "criteria" / name / "criteria.toml")
    try:
        return read_criteria(name, content)
    except (KeyError, TypeError, ValueError) as problem:
        raise Misconfigured(f"criteria/{name}/criteria.toml: {problem!r}") from problem


def examples(name: str) -> list[dict[str, Any]]:
    """The worked examples beside a criteria set."""
    rows: list[dict[str, Any]] = _toml(LIBRARY / "criteria" / name / "examples.toml")["example"]
    return rows


def read_groups(content: dict[str, Any]) -> tuple[Group, ...]:
    """Groups from what is in the file; every section in a known group, every key once."""
    found = [_section(row) for row in content["section"]]
    keys = [section.key for section in found]
    known = [group["key"] for group in content["group"]]
    if len(set(keys)) != len(keys) or {section.group for section in found} - set(known):
        raise ValueError("each key once, each group known")
    return tuple(
        Group(group["key"], group["title"], tuple(each for each in found if each.group == group["key"]))
        for group in content["group"]
    )


def _section(row: dict[str, Any]) -> Section:
    given = dict(row)
    told, documents = given.pop("from", ()), given.pop("documents", ())
    return Section(**given, told=tuple(told), documents=tuple(documents))


def read_criteria(name: str, content: dict[str, Any]) -> Criteria:
    """A criteria set from what is in the file."""
    dimensions = tuple(
        Dimension(row["key"], row["name"], tuple(row.get("parts", ())), bool(row.get("rated", True)))
        for row in content["dimension"]
    )
    scale = tuple(Rating(**row) for row in content["rating"])
    populations = frozenset(content["populations"])
    if len({each.key for each in dimensions}) != len(dimensions) or len({each.key for each in scale}) != len(
        scale
    ):
        raise ValueError("each key once")
    if not populations or populations - POPULATIONS:
        raise ValueError(f"populations are some of {sorted(POPULATIONS)}")
    return Criteria(
        key=name,
        title=content["title"],
        edition=str(content["edition"]),
        populations=populations,
        dimensions=dimensions,
        scale=scale,
        rights=content["rights"],
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"{path.parent.name}/{path.name}: {problem}") from problem
