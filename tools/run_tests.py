"""Everything `make test` checks. What is quick goes first and ends it; types are checked beside the tests.

Beside what is quick the tests are collected once: what is compiled then, the processes that run them need not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"

QUICK: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", (str(BIN / "ruff"), "check", "--quiet")),
    ("format", (str(BIN / "ruff"), "format", "--check", "--quiet")),
    ("contracts", (str(BIN / "lint-imports"), "--no-cache")),
    ("a Chromium", (sys.executable, str(ROOT / "tools" / "chromium.py"))),
)
COLLECT = (str(BIN / "pytest"), "--collect-only", "--quiet", "--quiet")
TYPES = (str(BIN / "mypy"), "--no-error-summary", "dayward", "tests", "benchmarks", "tools")
# Last, and with its own output: its closing line tells how many tests ran. The fixtures say what runs first.
PYTEST = (
    *(str(BIN / "pytest"), "-q", "--durations=10"),
    *("--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"),
)


class Step:
    """A check, started at once; it is told when it is done, and what it said only when it failed."""

    def __init__(self, name: str, command: tuple[str, ...]) -> None:
        self.name, self.started = name, time.monotonic()
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def is_ok(self) -> bool:
        said, _nothing = self.process.communicate()
        tell(self.name, self.process.returncode == 0, self.started)
        if self.process.returncode:
            sys.stdout.write(said)
        return self.process.returncode == 0


def tell(name: str, ok: bool, started: float) -> None:
    sys.stdout.write(f"  {name:<12}{'ok' if ok else 'FAILED':<8}{time.monotonic() - started:6.1f} s\n")
    sys.stdout.flush()


def main() -> int:
    collected = Step("collection", COLLECT)
    for name, command in QUICK:
        if not Step(name, command).is_ok():
            collected.process.kill()
            return 1
    if not collected.is_ok():
        return 1
    types, started = Step("types", TYPES), time.monotonic()
    # The processes must agree on the names of parametrized tests, also where a name shows a set.
    done = subprocess.run(PYTEST, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False)
    tell("tests", done.returncode == 0, started)
    return 0 if types.is_ok() and done.returncode == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
