"""docs/operations.md names every variable that the code reads."""

from __future__ import annotations

import re
from pathlib import Path

from dayward.kernel.local import CHECKOUT

NAME = re.compile(r"\b(?:DAYWARD|DATABASE)_[A-Z_]+\b")
SOURCES = ("dayward", "benchmarks", "tools")


def read_in(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text(encoding="utf-8")))


def test_every_variable_is_explained() -> None:
    files = [
        path for folder in SOURCES for path in (CHECKOUT / folder).rglob("*.py") if "tests" not in path.parts
    ]
    used = {name for path in files for name in read_in(path)} | read_in(
        CHECKOUT / "tests" / "fixtures" / "database.py"
    )
    assert used - read_in(CHECKOUT / "docs" / "operations.md") == set()
