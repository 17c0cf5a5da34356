"""Three tasks on a public peer, GNU Health, over its own HTTP: find somebody in 10,000, today's list, a chart.

`DAYWARD_PEER` names a virtual environment with the package `gnuhealth` from the package index; without it this says how
to make one, and the bench goes on. docs/benchmarks.md says what makes the comparison fair.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks import clinic
from benchmarks.pages import tell
from benchmarks.results import Result
from dayward.kernel.database import connect, create_embedded, embedded_database
from dayward.kernel.postgres import OWNER, PORT, Cluster

DATABASE = "peer"
TIMES = 200
PASSWORD = "harbor-lantern-2026"
FOLDER = clinic.ROOT / "var" / "bench-peer"
HOW = "python3 -m venv PLACE && PLACE/bin/pip install gnuhealth psycopg2-binary, then DAYWARD_PEER=PLACE make bench"
Call = Callable[..., Any]


def measure() -> list[Result]:
    place = os.environ.get("DAYWARD_PEER")
    if not place or not (Path(place) / "bin" / "trytond").exists():
        tell(f"the peer is not there: {HOW}")
        return []
    with peer(Path(place)) as call:
        return [result for name, task in TASKS.items() for result in timed(name, call, task)]


def timed(name: str, call: Call, task: Callable[[Call, int], Any]) -> list[Result]:
    task(call, 0)
    times = []
    for number in range(TIMES):
        began = time.perf_counter()
        if not task(call, number):
            raise SystemExit(f"The peer found nothing: {name}.")
        times.append((time.perf_counter() - began) * 1000)
    return [
        Result(f"peer {name}: median", round(statistics.median(times), 1), "ms", None),
        Result(f"peer {name}: p95", round(sorted(times)[TIMES * 95 // 100 - 1], 1), "ms", None),
    ]


# -- the tasks, as the peer's own client asks them ---------------------------------------------------------------

LIST = ["party.rec_name", "puid", "gender", "age"]
CHART = ["party.rec_name", "puid", "gender", "age", "dob", "blood_type", "critical_summary", "critical_info",
         "diseases", "medications", "vaccinations", "lastname"]  # fmt: skip


def find(call: Call, number: int) -> Any:
    """Type a name, see the first twenty."""
    family = ("Amber", "Birch", "Cedar", "Fern", "Hazel")[number % 5] + ("bank", "cove", "dale", "gate")[
        number % 4
    ]
    people = call("model.gnuhealth.patient.search", [["rec_name", "ilike", f"%{family}%"]], 0, 20, None, {})
    return call("model.gnuhealth.patient.read", people, LIST, {}) if people else None


def today(call: Call, number: int) -> Any:
    """The day's appointments, with whose they are."""
    start = datetime.combine(datetime.now(tz=UTC).date(), datetime.min.time())
    days = [moment(start), moment(start + timedelta(days=1))]
    where = [["appointment_date", ">=", days[0]], ["appointment_date", "<", days[1]]]
    rows = call("model.gnuhealth.appointment.search", where, 0, 1000, None, {})
    fields = ["patient.rec_name", "appointment_date", "state", "healthprof.rec_name"]
    return call("model.gnuhealth.appointment.read", rows, fields, {}) if rows else None


def chart(call: Call, number: int) -> Any:
    """Open one person: what the first page of the form shows."""
    return call("model.gnuhealth.patient.read", [1 + number * 37 % 9999], CHART, {})


TASKS = {"find somebody": find, "today": today, "open a chart": chart}


def moment(at: datetime) -> dict[str, Any]:
    parts = {
        "year": at.year,
        "month": at.month,
        "day": at.day,
        "hour": 0,
        "minute": 0,
        "second": 0,
        "microsecond": 0,
    }
    return {"__class__": "datetime", **parts}


# -- starting it -------------------------------------------------------------------------------------------------


@contextmanager
def peer(place: Path) -> Iterator[Call]:
    """The peer on the same PostgreSQL as Dayward, in a cluster of its own; a function that calls it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(FOLDER / "pg")
    with cluster.in_use():
        port = clinic.free_port()
        settings = write_settings(cluster, port)
        if create_embedded(cluster, DATABASE):
            create(place, settings)
        else:
            fill(place, settings)
        with (FOLDER / "output").open("wb") as said:
            command = [str(place / "bin" / "trytond"), "-c", str(settings), "-d", DATABASE]
            server = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            yield signed_in(f"http://localhost:{port}/{DATABASE}/")
        finally:
            server.terminate()
            server.wait(30)


def write_settings(cluster: Cluster, port: int) -> Path:
    settings = FOLDER / "trytond.conf"
    uri = f"postgresql://{OWNER}@{quote(str(cluster.socket_folder), safe='')}:{PORT}/"
    settings.write_text(f"[database]\nuri = {uri}\n[web]\nlisten = localhost:{port}\n", encoding="utf-8")
    return settings


def create(place: Path, settings: Path) -> None:
    tell("making the peer's tables and 10,000 people: some minutes, once")
    word = FOLDER / "password"
    word.write_text(PASSWORD, encoding="utf-8")
    what = ["-u", "health", "--activate-dependencies", "--email", "nobody@example.org"]
    try:
        run(place / "bin" / "trytond-admin", "-c", settings, "-d", DATABASE, *what, TRYTONPASSFILE=str(word))
        fill(place, settings)
    except SystemExit:
        with connect(embedded_database(Cluster(FOLDER / "pg"), OWNER, "postgres"), autocommit=True) as owner:
            owner.execute(f"DROP DATABASE {DATABASE}")
        raise


def fill(place: Path, settings: Path) -> None:
    """People once, and appointments of today on each day that it is measured."""
    run(place / "bin" / "python", Path(__file__).with_name("peer_load.py"), settings, DATABASE)


def run(*command: Path | str, **more: str) -> None:
    done = subprocess.run(command, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The peer could not be set up:\n{done.stderr[-2000:]}")


def signed_in(url: str) -> Call:
    give_up = time.monotonic() + 60
    while True:
        try:
            user, key = post(url, "common.db.login", ["admin", {"password": PASSWORD}, "en"], "")
            break
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.3)
    allowed = base64.b64encode(f"admin:{user}:{key}".encode()).decode()
    return lambda method, *params: post(url, method, list(params), f"Session {allowed}")


def post(url: str, method: str, params: list[Any], allowed: str) -> Any:
    body = json.dumps({"id": 1, "method": method, "params": params}).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": allowed} if allowed else {})}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as response:
        answer = json.loads(response.read())
    if isinstance(answer, dict) and answer.get("error"):
        raise SystemExit(f"The peer refused {method}: {str(answer['error'])[:400]}")
    return answer["result"] if isinstance(answer, dict) else answer


if __name__ == "__main__":
    for each in measure():
        sys.stdout.write(f"{each.name} {each.value}\n")
