"""Addresses and rights; no database is asked."""

from __future__ import annotations

import pytest

from dayward.kernel import database
from dayward.kernel.errors import Misconfigured

OWNER_URL = "postgresql://own%40er:pa%2Fss@db.example:6543/clinic?sslmode=require"


@pytest.fixture
def external(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DATABASE_URL", OWNER_URL)
    monkeypatch.delenv("DATABASE_APP_URL", raising=False)
    return monkeypatch


def test_an_address_is_taken_apart(external: pytest.MonkeyPatch) -> None:
    found = database.owner_database()
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "clinic",
        "USER": "own@er",
        "PASSWORD": "pa/ss",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"prepare_threshold": database.PREPARED_AFTER, "sslmode": "require"},
    }


def test_the_server_signs_in_as_another_role_with_a_made_password(external: pytest.MonkeyPatch) -> None:
    owner, app = database.owner_database(), database.app_database()
    assert app["USER"] == "clinic_app"
    assert app["PASSWORD"] not in {"", owner["PASSWORD"]}
    assert app["PASSWORD"] == database.app_database()["PASSWORD"]


def test_a_given_address_of_the_app_role_wins(external: pytest.MonkeyPatch) -> None:
    external.setenv("DATABASE_APP_URL", "postgresql://small:role@db.example/clinic")
    assert database.app_database()["USER"] == "small"


def test_only_migrating_processes_are_the_owner(external: pytest.MonkeyPatch) -> None:
    external.delenv(database.ROLE_VARIABLE, raising=False)
    assert database.databases()["default"]["USER"] == "clinic_app"
    external.setenv(database.ROLE_VARIABLE, "owner")
    assert database.databases()["default"]["USER"] == "own@er"


def test_a_socket_folder_as_host(external: pytest.MonkeyPatch) -> None:
    external.setenv("DATABASE_URL", "postgresql://owner@/clinic?host=/run/postgresql")
    found = database.owner_database()
    assert found["HOST"] == "/run/postgresql"
    assert "host" not in found["OPTIONS"]


@pytest.mark.parametrize("url", ["mysql://a/b", "clinic.db", "postgresql://owner@host"])
def test_an_address_that_is_none_is_a_sentence(external: pytest.MonkeyPatch, url: str) -> None:
    external.setenv("DATABASE_URL", url)
    with pytest.raises(Misconfigured, match="postgresql://owner:password"):
        database.owner_database()


@pytest.mark.parametrize(
    ("table", "privileges"),
    [
        ("people_person", "SELECT, INSERT, UPDATE"),
        ("audit_entry", "SELECT, INSERT"),
        ("audit_link", "SELECT"),
        ("django_session", "SELECT, INSERT, UPDATE, DELETE"),
        ("procrastinate_jobs", "SELECT, INSERT, UPDATE, DELETE"),
        ("django_migrations", "SELECT"),
    ],
)
def test_what_the_server_may_do_with_a_table(table: str, privileges: str) -> None:
    assert database.privileges_on(table) == privileges
