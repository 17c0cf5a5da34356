"""The clinic that is measured: the small seed in a folder of its own, so that nobody's demo is touched."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
PROGRAM = Path(sys.executable).with_name("dayward")
READY_SECONDS = 300
SIGN_IN = "/account/sign-in/"


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
    return {**kept, "DAYWARD_VAR": str(VAR), "DAYWARD_BENCH": "1"}


def sign_ins() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((VAR / "demo-sign-ins.json").read_text(encoding="utf-8"))
    return rows


def run(*arguments: str) -> str:
    VAR.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(PROGRAM), *arguments], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"dayward {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def demo() -> Iterator[tuple[str, float, int]]:
    """`dayward demo` on a free port: its address, how many seconds it took until a page came back, its process."""
    VAR.mkdir(parents=True, exist_ok=True)
    port = free_port()
    started = time.monotonic()
    with (VAR / "demo-output").open("wb") as said:
        process = subprocess.Popen(
            [str(PROGRAM), "demo", "--port", str(port)],
            env=environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_page(process, f"http://localhost:{port}{SIGN_IN}")
        yield f"http://localhost:{port}", time.monotonic() - started, process.pid
    finally:
        process.terminate()
        process.wait(60)


def wait_for_page(process: subprocess.Popen[bytes], url: str) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"The demo did not start:\n{(VAR / 'demo-output').read_text(errors='replace')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
