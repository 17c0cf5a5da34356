"""`dayward upgrade`, and a program that is older than the database."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster
from tests.fixtures.server import PROGRAM, Clinics, clinic_environment, run_program

pytestmark = pytest.mark.program
FUTURE = "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_later', now())"


@pytest.fixture(scope="module")
def var(clinics: Clinics) -> Path:
    return clinics.copy("migrated")


@pytest.fixture
def owner(var: Path) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with (
        Cluster(var / "pg").in_use() as cluster,
        connect(embedded_database(cluster, OWNER, "dayward"), autocommit=True) as connection,
    ):
        yield connection


def tried(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments], env=clinic_environment(var), capture_output=True, text=True, check=False
    )


def test_with_nothing_to_do_nothing_is_done(var: Path) -> None:
    assert "nothing was done" in run_program(clinic_environment(var), "upgrade")
    assert not (var / "backups").exists()


def test_it_backs_up_migrates_and_says_how_to_go_back(
    var: Path, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """As after an update: the last migration of a package has not run yet."""
    owner.execute("DROP INDEX audit_detail")
    owner.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name = '0003_index_detail'")
    said = run_program(clinic_environment(var), "upgrade")
    assert "audit.0003_index_detail" in said
    (kept,) = (var / "backups").iterdir()
    assert f"dayward restore {kept} --into PLACE" in said
    found = owner.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'audit_detail'").fetchone()
    assert found == (1,)
    looked = run_program(clinic_environment(var), "restore", str(kept), "--look")
    assert "rows in" in looked


@pytest.mark.parametrize("command", [("migrate", "--force"), ("upgrade",)])
def test_an_older_program_leaves_a_newer_database_alone(
    var: Path, owner: psycopg.Connection[tuple[object, ...]], command: tuple[str, ...]
) -> None:
    owner.execute(FUTURE)
    try:
        done = tried(var, *command)
    finally:
        owner.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    assert done.returncode == 1
    assert "of a newer Dayward" in done.stderr
    assert "people.0999_later" in done.stderr
