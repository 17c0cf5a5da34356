"""Everything `make test` checks, one step after the other; the first that fails ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", (str(BIN / "ruff"), "check", "--quiet")),
    ("format", (str(BIN / "ruff"), "format", "--check", "--quiet")),
    ("contracts", (str(BIN / "lint-imports"), "--no-cache")),
    ("types", (str(BIN / "mypy"), "--no-error-summary", "dayward", "tests", "benchmarks", "tools")),
    ("a Chromium", (sys.executable, str(ROOT / "tools" / "chromium.py"))),
)
# Last, and with its own output: its closing line tells how many tests ran.
PYTEST = (str(BIN / "pytest"), "-q", "--durations=10", "--numprocesses=auto", "--dist=loadfile")


def quietly(name: str, command: tuple[str, ...]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    sys.stdout.write(
        f"  {name:<12}{'ok' if done.returncode == 0 else 'FAILED':<8}{time.monotonic() - started:6.1f} s\n"
    )
    if done.returncode:
        sys.stdout.write(done.stdout)
    sys.stdout.flush()
    return done.returncode == 0


def main() -> int:
    for name, command in STEPS:
        if not quietly(name, command):
            return 1
    started = time.monotonic()
    # The processes must agree on the names of parametrized tests, also where a name shows a set.
    done = subprocess.run(PYTEST, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, check=False)
    sys.stdout.write(
        f"  {'tests':<12}{'ok' if done.returncode == 0 else 'FAILED':<8}{time.monotonic() - started:6.1f} s\n"
    )
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
