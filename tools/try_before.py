"""Tries whether the program of the landing before serves the tables as they are now: the way back of an update.

Takes the folder of a seeded clinic that nobody serves, brings the tables of a copy up to date with this program,
serves it with the one before, and walks through its pages as everybody who has a sign-in.

    .venv/bin/python -m tools.try_before FOLDER [COMMIT]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[1]
PORT = 8572
SITE = f"http://127.0.0.1:{PORT}"
BASELINE = "tests/migrations_before.txt"  # written with each landing
DAYWARD = "import sys; from dayward.doors.cli.main import main; sys.exit(main())"
PATIENCE = 120


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    commit = sys.argv[2] if len(sys.argv) > 2 else git("log", "-1", "--format=%h", "--", BASELINE)
    place = Path(mkdtemp(prefix="dw-before-", dir="/tmp"))
    place.chmod(0o755)
    try:
        clinic = copied(folder, place)
        subprocess.run(dayward("migrate"), cwd=ROOT, env=about(ROOT, clinic), check=True)
        with checkout(commit, place) as before, served(before, clinic):
            return told(commit, walked(clinic))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def copied(folder: Path, place: Path) -> Path:
    """Rights and owners too: PostgreSQL insists on its own."""
    clinic = place / "var"
    subprocess.run(["cp", "-a", str(folder), str(clinic)], check=True)
    return clinic


def dayward(*words: str) -> list[str]:
    return [sys.executable, "-c", DAYWARD, *words]


def about(program: Path, clinic: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(program), "DAYWARD_VAR": str(clinic)}


@contextmanager
def checkout(commit: str, place: Path) -> Iterator[Path]:
    """The program of that time, with the front-end parts of today."""
    before = place / "before"
    git("worktree", "add", "--detach", str(before), commit)
    try:
        (before / "var").mkdir(exist_ok=True)
        (before / "var" / "static-parts").symlink_to(ROOT / "var" / "static-parts")
        yield before
    finally:
        git("worktree", "remove", "--force", str(before))


@contextmanager
def served(program: Path, clinic: Path) -> Iterator[None]:
    words = dayward("serve", "--bind", f"127.0.0.1:{PORT}", "--workers", "1")
    server = subprocess.Popen(words, cwd=program, env=about(program, clinic))
    try:
        until = time.monotonic() + PATIENCE
        while not answers():
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit("The program before did not start.")
            time.sleep(0.5)
        yield
    finally:
        server.terminate()
        server.wait(30)


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"{SITE}/account/sign-in/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def walked(clinic: Path) -> tuple[int, list[str]]:
    """How many kinds of pages answered, and what broke; `benchmarks.pages` walks."""
    script = "\n".join(
        (
            "import django; django.setup()",
            "from pathlib import Path; from benchmarks import clinic, pages",
            f"clinic.VAR = Path({str(clinic)!r})",
            f"print('answered', len(pages.heaviest({SITE!r})))",
        )
    )
    env = {**about(ROOT, clinic), "DJANGO_SETTINGS_MODULE": "dayward.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    broken = [line.strip() for line in done.stderr.splitlines() if line.strip().startswith("broken:")]
    return int(done.stdout.rpartition("answered ")[2]), broken


def told(commit: str, found: tuple[int, list[str]]) -> int:
    answered, broken = found
    print(f"{answered} kinds of pages of {commit} answer with the tables of today; {len(broken)} broke.")
    for line in broken:
        print(f"  {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
