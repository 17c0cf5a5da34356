"""Tries on loopback what docs/operations.md says about several machines: two web and two worker processes, each with a
folder of its own, one PostgreSQL over TCP with passwords, and a replica that takes over.

    .venv/bin/python -m tools.try_machines
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlencode

import psycopg

from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster

PROGRAM = Path(sys.executable).with_name("dayward")
PRIMARY, REPLICA, WEB = 54871, 54872, (8571, 8572)
PASSWORD = "quite a long password"
INIT = (
    *("init", "--no-input", "--organization", "Northside", "--site", "Main Street", "--state", "MN"),
    *(
        "--time-zone",
        "America/Chicago",
        "--given",
        "Robin",
        "--family",
        "Vale",
        "--email",
        "robin@northside.example",
    ),
)


def main() -> int:
    place = Path(mkdtemp(prefix="dw-machines-", dir="/tmp"))
    place.chmod(0o755)
    try:
        with ExitStack() as stack:
            attempt(place, stack)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print("All of it held.")
    return 0


def attempt(place: Path, stack: ExitStack) -> None:
    primary = make_primary(place, stack)
    run(machine(place, "setup", PRIMARY), *INIT)
    say("a clinic was set up on the primary")
    make_replica(place, primary, stack)
    say("a replica follows it")
    webs = [start(machine(place, f"web{n}", PRIMARY), "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1")
            for n, port in enumerate(WEB)]  # fmt: skip
    workers = [start(machine(place, f"worker{n}", PRIMARY), "worker") for n in range(2)]
    for one in (*webs, *workers):
        stack.callback(end, one)
    wait("both web processes answer", lambda: [status(port, "healthz/serving") for port in WEB] == [200, 200])
    wait("a monitor hears ok", lambda: status(WEB[0], "healthz") == 200)
    sign_in_once()
    end(workers[0])
    wait("one worker is enough", lambda: status(WEB[1], "healthz") == 200)
    workers[1].kill()
    wait("without a worker a monitor hears not ok", lambda: status(WEB[0], "healthz") == 503, seconds=240)
    wait("and the pages are still served", lambda: status(WEB[0], "healthz/serving") == 200)
    end(webs[0])
    wait("one web process goes, the other answers", lambda: status(WEB[1], "healthz/serving") == 200)
    take_over(place, webs, primary, stack)


def take_over(place: Path, webs: list[subprocess.Popen[bytes]], primary: Cluster, stack: ExitStack) -> None:
    """The primary is lost; the replica becomes the primary, and the processes are pointed at it."""
    before = count(PRIMARY)
    wait("the replica has every entry", lambda: count(REPLICA) == before)
    primary._run("pg_ctl", "stop", "--mode", "immediate", "-D", primary.data, failed="It did not stop.")
    wait("without a database nothing is served", lambda: status(WEB[1], "healthz/serving") == 503)
    primary._run("pg_ctl", "promote", "--wait", "-D", place / "replica", failed="It did not take over.")
    end(webs[1])
    webs[1] = start(
        machine(place, "web1", REPLICA), "serve", "--bind", f"127.0.0.1:{WEB[1]}", "--workers", "1"
    )
    stack.callback(end, webs[1])
    wait("the replica serves", lambda: status(WEB[1], "healthz/serving") == 200)
    assert "NOT OK" not in run(machine(place, "web1", REPLICA), "check")
    assert count(REPLICA) >= before
    say("nothing was lost, and every check is ok")
    keep(machine(place, "web1", REPLICA), place)


def keep(environment: dict[str, str], place: Path) -> None:
    """Backup and copies of a database whose owner is no superuser, into others on the same server."""
    kept = place / "web1" / "kept.backup"
    run(environment, "backup", str(kept))
    into = environment["DATABASE_URL"].removesuffix("clinic")
    assert "NOT OK" not in run(environment, "restore", str(kept), "--into", f"{into}again")
    assert "not empty" in refused(environment, "restore", str(kept), "--into", f"{into}again")
    assert "a scrubbed copy" in run(environment, "scrub", "--into", f"{into}copy")
    say("backed up, restored into another database, and scrubbed into a third")


def make_primary(place: Path, stack: ExitStack) -> Cluster:
    cluster = Cluster(place / "primary")
    with cluster.in_use(), connect(embedded_database(cluster, OWNER, "postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE clinic_owner LOGIN CREATEROLE PASSWORD 'owner-password'")
        admin.execute("CREATE ROLE copier LOGIN REPLICATION PASSWORD 'copier-password'")
        for name in ("clinic", "again", "copy"):
            admin.execute(f"CREATE DATABASE {name} OWNER clinic_owner".encode())
    (cluster.data / "pg_hba.conf").write_text(
        "host all all 127.0.0.1/32 scram-sha-256\nhost replication copier 127.0.0.1/32 scram-sha-256\n"
    )
    launch(cluster, cluster.data, PRIMARY)
    stack.callback(cluster.destroy)
    return cluster


def make_replica(place: Path, primary: Cluster, stack: ExitStack) -> None:
    source = f"postgresql://copier:copier-password@127.0.0.1:{PRIMARY}/"
    data = place / "replica"
    data.mkdir(mode=0o700)
    shutil.chown(data, primary.data.owner(), primary.data.group())
    options = ("-R", "-X", "stream", "-C", "-S", "second", "--checkpoint", "fast")
    primary._run("pg_basebackup", "-D", data, "-d", source, *options, failed="No copy was made.")
    (data / "postmaster.pid").unlink(missing_ok=True)
    launch(primary, data, REPLICA)
    stack.callback(
        lambda: primary._run(
            "pg_ctl", "stop", "--mode", "immediate", "-D", data, failed="The replica did not stop."
        )
    )


def launch(cluster: Cluster, data: Path, port: int) -> None:
    options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p {port}"
    cluster._run("pg_ctl", "start", "--silent", "--wait", "-D", data, "-o", options, failed="No server.")


# -- machines and processes ----------------------------------------------------------------------------------------


def machine(place: Path, name: str, port: int) -> dict[str, str]:
    """The environment of one machine: a folder of its own, the same secret key, the same database."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("DAYWARD_", "DATABASE_"))},
        "DAYWARD_VAR": str(place / name),
        "DAYWARD_SECRET_KEY": "a synthetic secret key, the same on every machine",
        "DAYWARD_ADMIN_PASSWORD": PASSWORD,
        "DAYWARD_LOGS": "json",
        "DATABASE_URL": f"postgresql://clinic_owner:owner-password@127.0.0.1:{port}/clinic",
    }


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"dayward {arguments[0]}: {done.stdout}{done.stderr}")
    return done.stdout


def refused(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done
    return done.stderr


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    Path(environment["DAYWARD_VAR"]).mkdir(parents=True, exist_ok=True)
    with (Path(environment["DAYWARD_VAR"]) / "output").open("ab") as said:
        return subprocess.Popen([PROGRAM, *arguments], env=environment, stdout=said, stderr=said)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(40)


# -- looking -------------------------------------------------------------------------------------------------------


def status(port: int, path: str) -> int:
    try:
        return int(urllib.request.urlopen(f"http://localhost:{port}/{path}", timeout=10).status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


def sign_in_once() -> None:
    """Signed in at one machine is signed in at the other: sessions are in the database."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    first, second = (f"http://localhost:{port}" for port in WEB)
    page = browser.open(f"{first}/account/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": "robin@northside.example", "password": PASSWORD}
    sent = urllib.request.Request(f"{first}/account/sign-in/", urlencode(form).encode(), {"Referer": first})
    browser.open(sent)
    for cookie in jar:
        cookie.port_specified = False
    landed = browser.open(f"{second}/today/")
    assert "/account/sign-in" not in landed.url, landed.url
    say("signed in at one machine, known at the other")


def count(port: int) -> int:
    with psycopg.connect(f"postgresql://clinic_owner:owner-password@127.0.0.1:{port}/clinic") as owner:
        row = owner.execute("SELECT count(*) FROM audit_entry").fetchone()
    assert row
    return int(row[0])


def wait(what: str, holds: Callable[[], bool], seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise SystemExit(f"did not hold: {what}")
        time.sleep(0.5)
    say(what)


def say(text: str) -> None:
    print(f"  {text}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
