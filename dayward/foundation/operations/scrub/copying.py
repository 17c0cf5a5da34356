"""A copy of the database for developers, in which nobody is real. The new place never sees an original value."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from dayward.foundation.operations.backup import client, connection_variables
from dayward.foundation.operations.scrub import values
from dayward.foundation.operations.scrub.plan import Column, Planner, Table
from dayward.kernel.database import connect
from dayward.kernel.errors import Refused

SALT_BYTES = 32
AT_A_TIME = 5000
# Whole weeks: a Tuesday stays a Tuesday. People sit in sessions together, so what happened moves with the clinic; what
# tells who somebody is, such as the day of birth, moves by the person's own number.
_WEEKS = "(('x' || substr(md5(%(salt)s || coalesce(({person})::text, 'clinic')), 1, 6))::bit(24)::int %% {most} + 1)"


def copy_scrubbed(source: dict[str, Any], target: dict[str, Any], tell: Callable[[str], None]) -> int:
    """Tables first, then rows, then what holds them together; how many rows there are."""
    salt, rows = os.urandom(SALT_BYTES), 0
    with connect(source) as old:
        server = old.info.server_version
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        old.read_only = True
        old.execute("SET timezone = 'UTC'")
        _shape(source, target, server, "pre-data")
        with connect(target) as new:
            for table in Planner(salt).tables(_tables(old)):
                rows += _copy(old, new, table, salt)
            new.commit()
            _set_sequences(new)
        tell(f"{rows} rows")
        _shape(source, target, server, "post-data")
    return rows


def _tables(old: psycopg.Connection[Any]) -> set[str]:
    return {name for (name,) in old.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _shape(source: dict[str, Any], target: dict[str, Any], server: int, section: str) -> None:
    """Definitions only: tables and functions, or indexes, constraints and triggers."""
    dump = subprocess.run(
        [client("pg_dump", server), "--schema-only", f"--section={section}", "--no-owner", "--no-privileges"],
        env={**os.environ, **connection_variables(source)},
        capture_output=True,
        check=False,
    )
    load = subprocess.run(
        [
            client("psql", server),
            "--quiet",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--set=VERBOSITY=sqlstate",
        ],
        env={**os.environ, **connection_variables(target)},
        input=dump.stdout,
        capture_output=True,
        check=False,
    )
    if dump.returncode or load.returncode:
        where = (load.stderr or dump.stderr).decode(errors="replace").strip().splitlines()
        raise Refused(
            f"The {section} could not be copied ({where[0][:160] if where else 'no reason given'})."
        )


def _copy(old: psycopg.Connection[Any], new: psycopg.Connection[Any], table: Table, salt: bytes) -> int:
    columns = table.columns or tuple(Column(name) for name in _columns(old, table.name))
    listed = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    question = _question(table, columns)
    count = 0
    with (
        old.cursor(name="scrub") as reading,
        new.cursor() as writing,
        writing.copy(
            sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier("public", table.name), listed)
        ) as out,
    ):
        reading.itersize = AT_A_TIME
        reading.execute(question.encode(), {"salt": salt.hex()})
        for number, (days, *row) in enumerate(reading, start=1):
            out.write_row(list(_made(table, columns, row, number, days, salt)))
            count = number
    return count


def _made(
    table: Table,
    columns: tuple[Column, ...],
    row: list[Any],
    number: int,
    days: int,
    salt: bytes,
) -> Iterator[Any]:
    for column, value in zip(columns, row, strict=True):
        if table.name == "documents_file" and column.name == "content":
            yield values.file_content(salt, row[[one.name for one in columns].index("sha256")])
        elif column.make is None:
            yield value
        else:
            yield column.make(value, number, days)


def _question(table: Table, columns: tuple[Column, ...]) -> str:
    clinic, own = (
        f"{_WEEKS.format(person=who, most=values.LONGEST_SHIFT)} * 7" for who in ("NULL", table.person)
    )
    shown = ", ".join(_shown(column, own if column.is_own else clinic) for column in columns)
    return f'SELECT {clinic}, {shown} FROM "{table.name}" t0{table.to_person}'  # noqa: S608 - names of our own tables


def _shown(column: Column, days: str) -> str:
    """As text where nothing is done with it: any type is written back as it was read."""
    name = f't0."{column.name}"'
    if column.moves == "date":
        return f"({name} - {days})::text"
    if column.moves == "moment":
        return f"({name} - ({days}) * interval '1 day')::text"
    if column.moves == "range":
        return _moved_range(name, days)
    return name if column.make else f"{name}::text"


def _moved_range(name: str, days: str) -> str:
    def end(which: str) -> str:
        return f"""coalesce('"' || (({which}({name}) - ({days}) * interval '1 day')::text) || '"', '')"""

    opens = f"CASE WHEN lower_inc({name}) THEN '[' ELSE '(' END"
    closes = f"CASE WHEN upper_inc({name}) THEN ']' ELSE ')' END"
    moved = f"{opens} || {end('lower')} || ',' || {end('upper')} || {closes}"
    return f"CASE WHEN {name} IS NULL THEN NULL WHEN isempty({name}) THEN 'empty' ELSE {moved} END"


def _columns(old: psycopg.Connection[Any], table: str) -> list[str]:
    rows = old.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [f'public."{table}"'],
    )
    return [name for (name,) in rows]


def _set_sequences(new: psycopg.Connection[Any]) -> None:
    """New rows go on after the last."""
    rows = new.execute(
        "SELECT c.oid::regclass::text, d.refobjid::regclass::text, a.attname FROM pg_class c"
        " JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass"
        " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE c.relkind = 'S'"
    ).fetchall()
    for sequence, table, column in rows:
        new.execute(
            sql.SQL("SELECT setval({}, coalesce((SELECT max({}) FROM {}), 1))").format(
                sql.Literal(sequence), sql.Identifier(column), sql.SQL(table)
            )
        )
