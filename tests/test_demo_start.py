"""`dayward demo` as a person starts and stops it: first start, taken port, second start, a kill."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from benchmarks.clinic import SIGN_IN
from benchmarks.pages import Visitor
from dayward.kernel.database import EMBEDDED_APP_ROLE, EMBEDDED_DATABASE, connect, embedded_database
from dayward.kernel.local import CHECKOUT
from dayward.kernel.postgres import Cluster
from tests.fixtures.server import PROGRAM, Clinics, clinic_environment, free_port

pytestmark = [pytest.mark.program, pytest.mark.slow]
WARM_START_SECONDS = 300  # the goal is 5, on a quiet machine (make bench); tests share theirs
END_SECONDS = 120


class Demo:
    """A started `dayward demo`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, var: Path) -> None:
        self.process, self.port, self.var = process, port, var

    @property
    def said(self) -> str:
        return output_of(self.var).read_text(errors="replace")

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(END_SECONDS)


def output_of(var: Path) -> Path:
    return var / "demo-output"


@contextmanager
def started(var: Path, seconds: float) -> Iterator[Demo]:
    port = free_port()
    with output_of(var).open("wb") as said:
        process = subprocess.Popen(
            [str(PROGRAM), "demo", "--port", str(port)],
            env=clinic_environment(var),
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=CHECKOUT,
        )
    try:
        wait_for_line(process, output_of(var), seconds)
        yield Demo(process, port, var)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(END_SECONDS)


def wait_for_line(process: subprocess.Popen[bytes], output: Path, seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while "Ctrl-C" not in output.read_text(errors="replace"):
        assert process.poll() is None, output.read_text(errors="replace")
        assert time.monotonic() < give_up, output.read_text(errors="replace")
        time.sleep(0.05)


@pytest.fixture(scope="module")
def seeded(clinics: Clinics) -> Path:
    """A folder with the tiny clinic in it: `demo` finds it and goes on with it."""
    return clinics.copy("seeded")


@pytest.fixture(scope="module")
def running(clinics: Clinics) -> Iterator[Demo]:
    """One that several tests look at."""
    with started(clinics.copy("seeded"), WARM_START_SECONDS) as demo:
        yield demo


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://localhost:{port}{SIGN_IN}", timeout=60).close()
    except OSError:
        return False
    return True


def test_it_starts_again_quickly_and_stops_on_ctrl_c(seeded: Path) -> None:
    with started(seeded, WARM_START_SECONDS) as demo:
        assert answers(demo.port)
        assert f"http://localhost:{demo.port}" in demo.said
        assert re.search(r"starting the web server and the worker \.+ +\d+\.\d s", demo.said)
        assert "making" not in demo.said  # nothing was built again
        assert demo.stop(signal.SIGINT) == 0
        assert "The data are kept" in demo.said
    assert not Cluster(seeded / "pg").is_running()


def test_one_sign_in_for_each_role_is_printed_and_lets_in(running: Demo) -> None:
    for row in json.loads((running.var / "demo-sign-ins.json").read_text()):
        assert row["sign_in"] in running.said
        Visitor(f"http://localhost:{running.port}").sign_in(row)


def test_every_page_says_that_nobody_in_it_exists(running: Demo) -> None:
    with urllib.request.urlopen(f"http://localhost:{running.port}{SIGN_IN}", timeout=60) as page:
        assert "made-up clinic" in page.read().decode()


def test_the_worker_does_what_is_deferred_as_the_restricted_role(running: Demo) -> None:
    settings = embedded_database(Cluster(running.var / "pg"), EMBEDDED_APP_ROLE, EMBEDDED_DATABASE)
    with connect(settings, autocommit=True) as database:
        row = database.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('default', 'schedule.keep_horizon', '{\"timestamp\": 0}') RETURNING id"
        ).fetchone()
        assert row
        assert outcome(database, row[0]) == "succeeded"


def outcome(database: psycopg.Connection[tuple[Any, ...]], job: int) -> str:
    give_up = time.monotonic() + END_SECONDS
    while time.monotonic() < give_up:
        found = database.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]
        ).fetchone()
        if found and found[0] in {"succeeded", "failed", "aborted"}:
            return str(found[0])
        time.sleep(0.2)
    return "not done in time"


def test_a_second_demo_of_the_same_folder_is_refused(running: Demo) -> None:
    for port, sentence in (
        (running.port, f"Port {running.port} is taken"),
        (free_port(), "is running already"),
    ):
        second = subprocess.run(
            [str(PROGRAM), "demo", "--port", str(port)],
            env=clinic_environment(running.var),
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert sentence in second.stderr
        assert "Traceback" not in second.stderr
    assert answers(running.port)


def test_a_killed_demo_takes_its_parts_along(seeded: Path) -> None:
    with started(seeded, WARM_START_SECONDS) as demo:
        demo.process.kill()
        demo.process.wait()
        give_up = time.monotonic() + END_SECONDS
        while answers(demo.port):
            assert time.monotonic() < give_up
            time.sleep(0.2)
    # The rows are there, and the next start is an ordinary one.
    with started(seeded, WARM_START_SECONDS) as demo:
        assert answers(demo.port)


def test_the_synthetic_clinic_is_not_served_to_the_network(seeded: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", "serve", "--bind", f"0.0.0.0:{free_port()}"],
        env=clinic_environment(seeded),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "synthetic clinic" in said.stderr
