"""The clinic of today with ten times the history: what was done for everybody who has left is told nine times more.

By plain SQL, into a database of its own. Chosen are people without anything open and the sessions of the past, and of
all that hangs on them the rows that hang on nobody else; groups, rooms and staff stay the same ones. Each copy has
keys and times of its own, each further back. Signatures and chains of the copies do not hold.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from dayward.kernel.database import EMBEDDED_DATABASE, connect, embedded_cluster, embedded_database
from dayward.kernel.postgres import OWNER

NAME = "dayward_grown"
AS_MUCH = 10
KEYS = 10_000_000  # added to the keys of each copy
APART = timedelta(days=364)  # between one copy and the next; whole weeks

STARTS = {
    "people_person": """
        EXISTS (SELECT FROM journey_episode WHERE person_id = row.id)
        AND NOT EXISTS (SELECT FROM journey_episode WHERE person_id = row.id AND ended_at IS NULL)
        AND NOT EXISTS (SELECT FROM standards_due WHERE person_id = row.id AND state = 'open')""",
    "schedule_session": "upper(during) < now() - interval '1 day'",
    "signing_signature": "TRUE",
    "audit_entry": "TRUE",
}
# How people sign in and what they work as is not history; nor is what one file says.
SHARED = (
    "people_user",
    "people_staffmember",
    "access_role",
    "account_",
    "mfa_",
    "usersessions_",
    "documents_file",
)
TIMES = {"timestamp with time zone": "timestamptz", "date": "date"}
RANGES = {"tstzrange": "timestamptz", "daterange": "date"}
Connection = psycopg.Connection[Any]
Links = dict[str, list[tuple[str, str]]]  # of each table: its columns that point at another, and at which


def grow() -> str:
    """Make it anew of the one there is, to which nobody may be connected; its name."""
    cluster = embedded_cluster()
    name, of = sql.Identifier(NAME), sql.Identifier(EMBEDDED_DATABASE)
    with connect(embedded_database(cluster, OWNER, "postgres")) as server:
        server.autocommit = True
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, of))
        noted = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        marks = server.execute(noted, [EMBEDDED_DATABASE]).fetchone()
        assert marks is not None
        server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(marks[0])))
    with connect(embedded_database(cluster, OWNER, NAME)) as grown:
        multiply(grown)
    with connect(embedded_database(cluster, OWNER, NAME)) as grown:
        grown.autocommit = True
        grown.execute("VACUUM ANALYZE")
    return NAME


def multiply(grown: Connection) -> None:
    grown.execute(
        "SET session_replication_role = replica"
    )  # without triggers: what is signed is copied as it is
    links = _links(grown)
    _choose(grown, links)
    oldest = grown.execute("SELECT now() - min(lower(during)) FROM schedule_session").fetchone()
    assert oldest is not None
    length = oldest[0] // APART * APART + APART
    for table in links:
        columns = _columns(grown, table, dict(links[table]))
        for copy in range(1, AS_MUCH):
            grown.execute(
                _copied(grown, table, columns), {"keys": copy * KEYS, "copy": copy, "back": copy * length}
            )


def _links(grown: Connection) -> Links:
    """The tables that hang on people or sessions, with how they do."""
    rows = grown.execute(
        """SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'"""
    ).fetchall()
    rows = [row for row in rows if not row[0].startswith(SHARED)] + [
        ("standards_due", "episode", "journey_episode")
    ]
    found = set(STARTS)
    while more := {table for table, _column, target in rows if target in found} - found:
        found |= more
    links: Links = {table: [] for table in sorted(found)}
    for table, column, target in rows:
        if table in found and target in found:
            links[table].append((column, target))
    return links


def _choose(grown: Connection, links: Links) -> None:
    """`chosen_<table>`: at first every row that hangs on something, then without what hangs on a row not chosen."""
    for table, pointing in links.items():
        which = STARTS.get(table) or "num_nonnulls({}) > 0".format(
            ", ".join(column for column, _ in pointing)
        )
        grown.execute(f"CREATE TEMP TABLE chosen_{table} AS SELECT id FROM {table} row WHERE {which}")
        grown.execute(f"CREATE INDEX ON chosen_{table} (id)")
    again = True
    while again:
        again = False
        for table, pointing in links.items():
            for column, target in pointing:
                gone = grown.execute(
                    f"""DELETE FROM chosen_{table} c USING {table} t WHERE t.id = c.id AND t.{column} IS NOT NULL
                    AND NOT EXISTS (SELECT FROM chosen_{target} o WHERE o.id = t.{column})"""
                ).rowcount
                again = again or gone > 0


def _columns(grown: Connection, table: str, pointing: dict[str, str]) -> dict[str, str]:
    """Of each column what the copy has there."""
    rows = grown.execute(
        """SELECT column_name, data_type FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'""",
        [table],
    ).fetchall()
    return {f'"{name}"': _value(table, name, kind, pointing) for name, kind in rows}


def _value(table: str, name: str, kind: str, pointing: dict[str, str]) -> str:
    column = f'"{name}"'
    if name == "id" or name in pointing or (table, name) == ("audit_link", "position"):
        return f"{column} + %(keys)s"
    if name == "public_id" or (table, name) == ("audit_entry", "person"):
        return f"CASE WHEN {column} = '' THEN '' ELSE substr(md5({column} || %(copy)s), 1, 16) END"
    if kind in RANGES:
        return f"{kind}((lower({column}) - %(back)s)::{RANGES[kind]}, (upper({column}) - %(back)s)::{RANGES[kind]})"
    if kind in TIMES and name != "birth_date":
        return f"({column} - %(back)s)::{TIMES[kind]}"
    return column


def _copied(grown: Connection, table: str, columns: dict[str, str]) -> str:
    deferred = grown.execute(
        "SELECT 1 FROM pg_constraint WHERE condeferrable AND contype <> 'f' AND conrelid = %s::regclass",
        [table],
    ).fetchone()
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"""INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE
        SELECT {values} FROM {table} JOIN chosen_{table} USING (id)
        {"" if deferred else "ON CONFLICT DO NOTHING"}"""
