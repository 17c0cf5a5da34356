"""Run the synthetic clinic on this computer: database, web server and worker. Ctrl-C stops it, its data stay.

dayward demo
dayward demo --port 8001
dayward demo --reset
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.doors.cli._parent import VARIABLE as STOP_WITH_PARENT
from dayward.doors.cli._progress import say, step
from dayward.kernel.database import (
    CLINIC,
    REAL,
    embedded_cluster,
    ensure_database,
    is_embedded,
    read_marks,
    running,
)
from dayward.kernel.errors import Misconfigured
from dayward.kernel.local import var_folder

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 25
POLL_SECONDS = 0.05
RULE = "-" * 78
SIGN_INS = "demo-sign-ins.json"  # written by `dayward seed`


class Stopped(Exception):
    """Somebody asked the program to end."""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="default 8000")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and start over")


def run(options: Namespace) -> int:
    started = time.monotonic()
    refuse_taken_port(options.port)
    with the_only_demo(), stop_signals():
        try:
            if options.reset:
                reset()
            with running():
                prepare()
                serve(options.port, started)
        except (Stopped, KeyboardInterrupt):
            say("\nStopped. The data are kept; `make demo` goes on, `make demo-reset` starts over.")
    return 0


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Misconfigured(
                f"Port {port} needs special rights; choose one above 1023: make demo PORT=8001"
            ) from None
        except OverflowError:
            raise Misconfigured(f"{port} is not a port; ports go up to 65535.") from None
        except OSError:
            raise Misconfigured(
                f"Port {port} is taken by another program (perhaps a demo that is already running). "
                f"Stop that one, or choose another: make demo PORT={port + 1}"
            ) from None


@contextmanager
def the_only_demo() -> Iterator[None]:
    """One demo at a time for one folder of data; the lock ends with its process."""
    with (var_folder() / ".demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(f"A demo with the data in {var_folder()} is running already.") from None
        yield


@contextmanager
def stop_signals() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the demo; also where a shell started it with Ctrl-C switched off."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield


def reset() -> None:
    if not is_embedded():
        raise Misconfigured(
            "`--reset` empties the embedded database only; drop and make the one in DATABASE_URL yourself."
        )
    with running():
        if read_marks().get(CLINIC) == REAL:
            raise Misconfigured(
                f"{var_folder()} holds a real clinic, set up by `dayward init`; it is not thrown away."
            )
    with step("throwing the old data away"):
        embedded_cluster().destroy()


def prepare() -> None:
    """Tables and rows, if anything is missing. The marks in the database tell without loading Django."""
    marks = read_marks()
    if not marks:
        with step("starting a new database"):
            ensure_database()
    if marks.get("schema") != schema_fingerprint():
        part("migrate")
    fresh_until = marks.get("fresh_until")
    if fresh_until is None or datetime.fromisoformat(fresh_until) <= datetime.now(UTC):
        part("seed", *(["--catch-up"] if fresh_until else []))


def part(*arguments: str) -> None:
    """Another command of ours, in a process of its own, which prints its own steps."""
    done = subprocess.run([sys.executable, "-m", "dayward.doors.cli.main", *arguments], check=False)
    if done.returncode:
        raise Misconfigured(f"`dayward {' '.join(arguments)}` did not work; see above.")


def serve(port: int, started: float) -> None:
    server = begin("serve", "--bind", f"{HOST}:{port}")
    worker = begin("worker")
    try:
        with step("starting the web server and the worker"):
            wait_for(server, port)
        say(welcome(port, time.monotonic() - started))
        watch({"web server": server, "worker": worker})
    finally:
        end([server, worker])


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C is for this process, which ends the others in order."""
    return subprocess.Popen(
        [sys.executable, "-m", "dayward.doors.cli.main", *arguments],
        start_new_session=True,
        env={**os.environ, STOP_WITH_PARENT: "1"},
    )


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise Misconfigured("The web server did not start; see above.")


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Until somebody stops us; a part that ends by itself is an error and ends the demo."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                raise Misconfigured(f"The {name} has ended by itself (exit code {child.returncode}).")
        time.sleep(0.5)


def end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def welcome(port: int, seconds: float) -> str:
    lines = ["", RULE, f"  http://localhost:{port}    ready after {seconds:.1f} s, Ctrl-C stops it", ""]
    rows = sign_ins()
    width = max((len(row["role"]) for row in rows), default=0) + 2
    lines += [f"  {row['role']:<{width}}{row['sign_in']}" for row in rows]
    lines += ["", "  Everybody in this clinic is made up. It answers to this computer only.", RULE]
    return "\n".join(lines)


def sign_ins() -> list[dict[str, str]]:
    """Kept by the seed beside the demo's data, so that a warm start can print them without loading Django."""
    place = var_folder() / SIGN_INS
    rows: list[dict[str, str]] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else []
    return rows
