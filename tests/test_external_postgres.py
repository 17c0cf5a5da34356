"""DATABASE_URL: a PostgreSQL that is not ours, over TCP with passwords, whose owner is no superuser."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster
from tests.fixtures.server import PROGRAM, clinic_environment, free_port, run_program

pytestmark = pytest.mark.program
SECRET = "a synthetic secret key for tests, long enough to be one"
INIT = (
    *("init", "--no-input", "--organization", "Northside", "--site", "Main Street"),
    *("--time-zone", "America/Chicago", "--state", "MN"),
    *("--given", "Robin", "--family", "Vale", "--email", "robin@northside.example"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of a server that asks for a password; the wheel's binaries, started apart from our own cluster."""
    place = Path(mkdtemp(prefix="dayward-external-"))
    place.chmod(0o755)
    cluster = Cluster(place / "pg", throwaway=True)
    with cluster.in_use(), connect(embedded_database(cluster, OWNER, "postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE clinic_owner LOGIN CREATEROLE PASSWORD 'owner-password'")
        admin.execute("CREATE DATABASE clinic OWNER clinic_owner")
        admin.execute(
            "CREATE DATABASE bytes OWNER clinic_owner ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        )
    (cluster.data / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    port = free_port()
    # It need not survive a crash of the machine.
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c fsync=off -c full_page_writes=off"
    cluster._run(
        "pg_ctl", "start", "--silent", "--wait", "-D", cluster.data, "-o", options, failed="No server."
    )
    yield port
    cluster.destroy()
    shutil.rmtree(place)


@pytest.fixture
def environment(server: int, tmp_path: Path) -> dict[str, str]:
    return {
        **clinic_environment(tmp_path),
        "DATABASE_URL": f"postgresql://clinic_owner:owner-password@127.0.0.1:{server}/clinic",
        "DAYWARD_SECRET_KEY": SECRET,
        "DAYWARD_ADMIN_PASSWORD": "quite a long password",
    }


@pytest.mark.slow
def test_a_clinic_is_set_up_and_checked_on_it(
    environment: dict[str, str], server: int, tmp_path: Path
) -> None:
    assert "Northside is set up" in run_program(environment, *INIT)
    said = run_program(environment, "check")
    assert "NOT OK" not in said
    assert "external" in said
    assert not (tmp_path / "pg").exists()
    # The role of the server exists, with a password only Dayward can work out, and owns nothing.
    with psycopg.connect(environment["DATABASE_URL"]) as owner:
        row = owner.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb,"
            " (SELECT count(*) FROM pg_tables WHERE tableowner = rolname)"
            " FROM pg_roles WHERE rolname = 'clinic_app'"
        ).fetchone()
    assert row == (False, 0)


def test_a_wrong_password_is_a_sentence(environment: dict[str, str]) -> None:
    wrong = {**environment, "DATABASE_URL": environment["DATABASE_URL"].replace("owner-password", "guess")}
    said = refused(wrong)
    assert "The database cannot be reached" in said
    assert "guess" not in said


def test_a_database_of_bytes_is_a_sentence(environment: dict[str, str]) -> None:
    """As `initdb` makes it where no locale is set: everything would be read as bytes."""
    said = refused(
        {**environment, "DATABASE_URL": environment["DATABASE_URL"].removesuffix("clinic") + "bytes"}
    )
    assert "this one is in SQL_ASCII" in said


def refused(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [str(PROGRAM), "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr
