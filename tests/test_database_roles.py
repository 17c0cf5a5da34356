"""What the server's role may not do, tried."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from dayward.kernel.database import EMBEDDED_APP_ROLE, privileges_on

pytestmark = pytest.mark.django_db


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return [info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"]


def test_tests_run_as_the_restricted_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (EMBEDDED_APP_ROLE, False, False, False)


def test_no_table_is_the_apps_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_role_may_do_exactly_what_the_lists_say() -> None:
    wrong = []
    with connection.cursor() as cursor:
        for table in tables():
            wanted = set(privileges_on(table).split(", "))  # single columns are not the whole table
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [f'public."{table}"', privilege])
                if cursor.fetchone() != (privilege in wanted,):
                    wrong.append((table, privilege))
    assert not wrong


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE people_person CASCADE",
        "DELETE FROM people_person",
        "DROP TABLE people_person",
        "ALTER TABLE people_person DISABLE TRIGGER ALL",
        "UPDATE audit_entry SET reason = 'rewritten'",
        "DELETE FROM audit_entry",
        "UPDATE terms_icdcode SET title = 'Another'",
        "UPDATE documents_document SET title = 'Another'",
        "UPDATE documents_document SET file_id = 'another'",
        "UPDATE access_breakglass SET reason = 'Another'",
        "UPDATE access_breakglass SET opened_by_id = 1",
        "CREATE TABLE mine (id int)",
    ],
)
def test_refuses(statement: str) -> None:
    said = refused(statement)
    assert "permission denied" in said or "must be owner" in said
