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
LAST_HAS_NOT_RUN = "DELETE FROM django_migrations WHERE app = 'audit' AND name = '0004_index_house'"
IS_WHOLE = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'audit_house_at'::regclass"
WHICH = "SELECT 'audit_house_at'::regclass::oid"
NAMES_HAVE_NOT_RUN = "DELETE FROM django_migrations WHERE app = 'people' AND name LIKE '0006%'"
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
    owner.execute("DROP INDEX audit_house_at")
    owner.execute(LAST_HAS_NOT_RUN)
    said = run_program(clinic_environment(var), "upgrade")
    assert "audit.0004_index_house" in said
    (kept,) = (var / "backups").iterdir()
    assert f"dayward restore {kept} --into PLACE" in said
    assert owner.execute(IS_WHOLE).fetchone() == (True,)
    looked = run_program(clinic_environment(var), "restore", str(kept), "--look")
    assert "rows in" in looked


def test_what_stops_it_is_told_with_the_way_back(
    var: Path, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    owner.execute(NAMES_HAVE_NOT_RUN)
    done = tried(var, "upgrade")  # its function is there already
    assert done.returncode == 1
    assert "Not all changes were made. Nothing was lost" in done.stdout
    assert f"dayward restore {max((var / 'backups').iterdir())} --into PLACE" in done.stdout
    owner.execute("DROP FUNCTION people_named_like(text)")
    run_program(clinic_environment(var), "upgrade")


def test_an_index_that_was_made_before_a_stop_is_kept(
    var: Path, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    before = owner.execute(WHICH).fetchone()
    owner.execute(LAST_HAS_NOT_RUN)
    run_program(clinic_environment(var), "migrate", "--force")
    assert owner.execute(WHICH).fetchone() == before


def test_an_index_that_was_left_half_built_is_built_anew(
    var: Path, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    owner.execute("DROP INDEX audit_house_at")
    owner.execute(LAST_HAS_NOT_RUN)
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("CREATE UNIQUE INDEX CONCURRENTLY audit_house_at ON django_migrations ((true))")
    assert "dropping audit_house_at, half built" in run_program(clinic_environment(var), "migrate", "--force")
    assert owner.execute(IS_WHOLE).fetchone() == (True,)


def test_who_waits_for_another_machine_is_not_in_its_way(
    var: Path, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    owner.execute("SELECT pg_advisory_lock(hashtext('dayward migrate'))")
    command = [str(PROGRAM), "migrate", "--force"]
    with subprocess.Popen(command, env=clinic_environment(var), stdout=subprocess.PIPE, text=True) as second:
        assert second.stdout
        assert "this one waits" in second.stdout.readline()
        owner.execute("SET lock_timeout = '20s'")
        owner.execute("CREATE INDEX CONCURRENTLY of_the_first ON people_person (site_id)")
        owner.execute("DROP INDEX of_the_first")
        owner.execute("SELECT pg_advisory_unlock_all()")
        rest = second.stdout.read()
    assert second.returncode == 0, rest
    assert "making the tables" in rest


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
