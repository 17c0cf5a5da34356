"""What triggers would have refused, asked of all rows afterwards: every reference, every check, every fingerprint."""

# ruff: noqa: S608 - every name in these statements comes from the models, every value from this package

from __future__ import annotations

from typing import Any

import psycopg

from dayward.demo.large_models import signable, tables
from dayward.kernel.errors import Refused

Connection = psycopg.Connection[Any]


def prove(connection: Connection) -> None:
    """Refused when something points to nothing, or a signature is of another text.

    Unique and exclusion constraints and checks hold while rows are copied: they are no triggers.
    """
    broken = [*_references(connection), *_signatures(connection)]
    if broken:
        raise Refused(f"The large clinic does not hold together: {'; '.join(broken[:8])}.")


def _references(connection: Connection) -> list[str]:
    keys = connection.execute(
        """SELECT c.conname, c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'"""
    ).fetchall()
    return [name for name, *where in keys if _misses(connection, *where)]


def _misses(connection: Connection, table: str, column: str, target: str, key: str) -> bool:
    found = connection.execute(
        f'SELECT EXISTS (SELECT FROM {table} x WHERE x."{column}" IS NOT NULL'
        f' AND NOT EXISTS (SELECT FROM {target} t WHERE t."{key}" = x."{column}"))'
    ).fetchone()
    return bool(found and found[0])


def _signatures(connection: Connection) -> list[str]:
    return [
        f"signatures of {table.name}"
        for table, column in signable(tables())
        if (found := connection.execute(
            f'SELECT EXISTS (SELECT FROM "{table.name}" x JOIN signing_signature s ON s.id = x."{column}"'
            " WHERE s.sha256 <> encode(sha256(convert_to(x.signed_text, 'UTF8')), 'hex'))"
        ).fetchone()) and found[0]
    ]  # fmt: skip
