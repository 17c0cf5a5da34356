"""Reads the rule packs that clinics add; the system check `standards.E001` refuses one that is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.foundation.standards.rules.pack import Pack, Rule
from dayward.foundation.standards.rules.reading import Example, read_examples, read_pack
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"


def names() -> list[str]:
    return sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "pack.toml").is_file())


@cache
def packs() -> tuple[Pack, ...]:
    return tuple(pack(name) for name in names())


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its key."""
    return {rule.key: rule for pack in packs() for rule in pack.rules}


def pack(name: str) -> Pack:
    try:
        found = read_pack(_toml(LIBRARY / name / "pack.toml"))
    except (KeyError, TypeError, ValueError) as problem:
        raise Misconfigured(f"{name}/pack.toml: {problem!r}") from problem
    if found.key != name:
        raise Misconfigured(f"{name}/pack.toml: its key is {found.key!r}")
    return found


def examples(name: str) -> list[Example]:
    try:
        return read_examples(_toml(LIBRARY / name / "examples.toml"))
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise Misconfigured(f"{name}/examples.toml: {problem!r}") from problem


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"{path.parent.name}/{path.name}: {problem}") from problem
