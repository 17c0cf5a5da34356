"""Reads the packs of limits; the system check `schedule.E001` refuses one that is malformed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from dayward.care.schedule.rules.limits import LimitPack, read_limits
from dayward.kernel.errors import Misconfigured

LIBRARY = Path(__file__).parent / "library"


def names() -> list[str]:
    return sorted(folder.name for folder in LIBRARY.iterdir() if (folder / "limits.toml").is_file())


@cache
def packs() -> tuple[LimitPack, ...]:
    return tuple(pack(name) for name in names())


def pack(name: str) -> LimitPack:
    try:
        found = read_limits(_toml(LIBRARY / name / "limits.toml"))
    except (KeyError, TypeError, ValueError) as problem:
        raise Misconfigured(f"{name}/limits.toml: {problem!r}") from problem
    if found.key != name:
        raise Misconfigured(f"{name}/limits.toml: its key is {found.key!r}")
    return found


def examples(name: str) -> dict[str, Any]:
    """Worked examples as the file has them; a test works them."""
    return _toml(LIBRARY / name / "examples.toml")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise Misconfigured(f"{path.parent.name}/{path.name}: {problem}") from problem
