"""The embedded cluster: first start, sharing, crash, somebody else's folder. Each on a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from dayward.kernel.database import connect, embedded_database
from dayward.kernel.errors import Misconfigured
from dayward.kernel.postgres import CRASH_OVER, LONGEST_SOCKET, OWNER, Cluster

pytestmark = pytest.mark.program
PATIENCE = 300  # seconds: only a test that fails waits so long


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # Not tmp_path: pytest's folders are closed to other users, and as root PostgreSQL runs as another user.
    place = Path(mkdtemp(prefix="dayward-test-"))
    place.chmod(0o755)
    made = Cluster(place / "pg", throwaway=True)
    yield made
    made.destroy()
    shutil.rmtree(place)


def ask(cluster: Cluster, question: str) -> object:
    with connect(embedded_database(cluster, OWNER, "postgres")) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row
        return row[0]


def test_runs_inside_the_block_only(cluster: Cluster) -> None:
    with cluster.in_use():
        assert str(ask(cluster, "SHOW server_version")).startswith("18")
    assert not cluster.is_running()


def test_listens_on_nothing_but_a_private_socket(cluster: Cluster) -> None:
    with cluster.in_use():
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(cluster.socket_folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


def test_the_last_one_out_stops_the_server(cluster: Cluster) -> None:
    other = Cluster(cluster.folder, throwaway=True)
    with cluster.in_use():
        with other.in_use():
            pass
        assert ask(cluster, "SELECT 1") == 1
    assert not cluster.is_running()


def test_a_fork_that_ends_inside_the_block_leaves_the_server_alone(cluster: Cluster) -> None:
    """Gunicorn's workers are forked inside the block and end by an exception that passes through it."""
    code = (
        "import os; from pathlib import Path; from dayward.kernel.postgres import Cluster\n"
        f"cluster = Cluster(Path({str(cluster.folder)!r}), throwaway=True)\n"
        "with cluster.in_use():\n"
        "    child = os.fork()\n"
        "    if not child: raise SystemExit\n"
        "    os.waitpid(child, 0)\n"
        "    print(cluster.is_running())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.stdout == "True\n"
    assert not cluster.is_running()


def test_a_killed_server_starts_again_with_its_rows(cluster: Cluster) -> None:
    safe = Cluster(cluster.folder)
    with safe.in_use():
        with connect(embedded_database(safe, OWNER, "postgres")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        pid = int((safe.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
    with safe.in_use():
        assert ask(safe, "SELECT number FROM kept") == 7


def test_a_stale_pid_file_of_another_process_is_no_obstacle(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n0\n5432\n\n\n\nready\n")
    with cluster.in_use():
        assert ask(cluster, "SELECT 1") == 1


def test_a_user_that_was_killed_does_not_keep_the_server(cluster: Cluster) -> None:
    code = (
        "import os, signal; from pathlib import Path; from dayward.kernel.postgres import Cluster\n"
        f"with Cluster(Path({str(cluster.folder)!r}), throwaway=True).in_use(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    assert cluster.is_running()
    with cluster.in_use():
        pass
    assert not cluster.is_running()


def test_a_server_that_was_killed_is_started_again_for_those_who_use_it(cluster: Cluster) -> None:
    with cluster.in_use():
        ask(cluster, "SELECT pg_switch_wal()")
        assert not cluster.revive()
        server = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGKILL)
        assert any(cluster.revive() for _look in range(100_000))  # dead as soon as the system has seen to it
        assert ask(cluster, "SELECT 1") == 1


def test_a_server_that_is_starting_is_waited_for(cluster: Cluster) -> None:
    """Whoever started it was killed before it was there."""
    with cluster.in_use():
        pass
    cluster._run(
        "pg_ctl", "start", "--silent", "--no-wait", "--pgdata", cluster.data, "--log", cluster.log, failed=""
    )
    with cluster.in_use():
        assert ask(cluster, "SELECT 1") == 1


def test_the_lock_of_a_server_that_begins_just_now_is_left_to_it(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    cluster.lock.touch()
    cluster._drop_stale_lock()
    assert cluster.lock.exists()
    long_ago = time.time() - 2 * CRASH_OVER
    os.utime(cluster.lock, (long_ago, long_ago))
    with cluster.in_use():  # what a crash left is in nobody's way
        assert ask(cluster, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket(cluster: Cluster) -> None:
    deep = cluster.folder.parent / ("deep" * 20) / ("deeper" * 10) / "pg"
    long = Cluster(deep, throwaway=True)
    assert len(str(long.socket_folder)) < LONGEST_SOCKET - 20
    with long.in_use():
        assert ask(long, "SELECT 1") == 1
    long.destroy()


def test_a_folder_with_something_else_in_it_is_left_alone(cluster: Cluster) -> None:
    cluster.folder.mkdir(parents=True)
    (cluster.folder / "letter.txt").write_text("mine")
    with pytest.raises(Misconfigured, match="not empty"), cluster.in_use():
        pass
    assert (cluster.folder / "letter.txt").exists()


def test_a_cluster_of_another_version_is_refused(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Misconfigured, match="made by PostgreSQL 15"), cluster.in_use():
        pass
    (cluster.data / "PG_VERSION").write_text("18\n")


def test_in_use_is_not_destroyed(cluster: Cluster) -> None:
    with cluster.in_use(), pytest.raises(Misconfigured, match="in use"):
        Cluster(cluster.folder, throwaway=True).destroy()


def test_no_statement_or_value_reaches_the_log(cluster: Cluster) -> None:
    with cluster.in_use():
        settings = embedded_database(cluster, OWNER, "postgres")
        with connect(settings) as connection, pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::int", ["Marked Name"])
        with connect(settings) as connection:
            connection.execute("CREATE TEMP TABLE t (name text UNIQUE)")
            with pytest.raises(psycopg.Error):
                connection.execute("INSERT INTO t VALUES ('Marked Name'), ('Marked Name')")
    assert "Marked" not in cluster.log.read_text()


def wait_for_end(pid: int) -> None:
    """Until the killed process is gone, or waits only for somebody to ask how it ended."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError(f"{pid} does not end.")


def test_a_server_that_cannot_end_in_good_order_is_ended_all_the_same(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk it writes no last checkpoint; everything acknowledged is in its log."""
    run, asked = Cluster._run, []

    def full(self: Cluster, program: str, *arguments: object, failed: str) -> None:
        if "stop" in arguments:
            asked.append(arguments[arguments.index("--mode") + 1])
            if asked[-1] == "fast":
                raise Misconfigured(failed)
        run(self, program, *arguments, failed=failed)

    monkeypatch.setattr(Cluster, "_run", full)
    with cluster.in_use():
        assert cluster.is_running()
    assert asked == ["fast", "immediate"]
    assert not cluster.is_running()
