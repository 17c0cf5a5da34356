"""From the clinic as it was simulated to the clinic as a longer simulation has it, around what visitors did.

A row that a visitor changed is left alone; a new row that collides with theirs is left out, with what hangs on it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from dayward.care.schedule.models import Booking
from dayward.demo.ledger import AnyModel, Ledger, Values, Writer, columns

Pair = tuple[Values, Values]


@dataclass
class Changes:
    """Rows to add, rows to change (old and new values), bookings that a longer history does not have."""

    new: dict[AnyModel, dict[str, Values]] = field(default_factory=lambda: defaultdict(dict))
    changed: dict[AnyModel, dict[str, Pair]] = field(default_factory=lambda: defaultdict(dict))
    gone: list[str] = field(default_factory=list)

    @classmethod
    def between(cls, before: Ledger, after: Ledger) -> Changes:
        changes = cls()
        for model, rows in after.tables.items():
            old = before.rows(model)
            for key, values in rows.items():
                if key not in old:
                    changes.new[model][key] = values
                elif old[key] != values:
                    changes.changed[model][key] = (old[key], values)
        changes.gone = [key for key in before.rows(Booking) if key not in after.rows(Booking)]
        return changes


def apply_changes(changes: Changes, order: list[AnyModel]) -> int:
    """Write them; returns how many rows were left out."""
    writer = Writer()
    left_out: dict[AnyModel, set[str]] = defaultdict(set)
    _cancel(writer, changes.gone)
    for model in order:
        _update(writer, model, changes.changed.get(model, {}))
        _insert(writer, model, changes.new.get(model, {}), left_out)
    return sum(len(keys) for keys in left_out.values())


def _insert(
    writer: Writer, model: AnyModel, rows: dict[str, Values], left_out: dict[AnyModel, set[str]]
) -> None:
    """All rows at once; where one collides, one by one."""
    rows = {key: values for key, values in rows.items() if not _hangs_on_left_out(model, values, left_out)}
    try:
        with transaction.atomic():
            writer.copy(model, rows)
    except DatabaseError:
        for key, values in rows.items():
            if _hangs_on_left_out(model, values, left_out) or not _insert_one(writer, model, key, values):
                left_out[model].add(key)


def _insert_one(writer: Writer, model: AnyModel, key: str, values: Values) -> bool:
    try:
        with transaction.atomic():
            writer.copy(model, {key: values})
    except DatabaseError:
        return False
    return True


def _hangs_on_left_out(model: AnyModel, values: Values, left_out: dict[AnyModel, set[str]]) -> bool:
    return any(
        column.target in left_out and values.get(column.name) in left_out[column.target]
        for column in columns(model)
        if column.target is not None
    )


def _update(writer: Writer, model: AnyModel, rows: dict[str, Pair]) -> None:
    """Change what the simulation changed, where the row still has the values that it was given."""
    known = {column.name: column for column in columns(model)}
    with connection.cursor() as cursor:
        for key, (old, new) in rows.items():
            names = [name for name in new if old.get(name) != new[name]]
            assignments = [(known[name], writer.value(known[name], new)) for name in names]
            expected = [(known[name], writer.value(known[name], old)) for name in names]
            cursor.execute(*_statement(model, writer.id_of(model, key), assignments, expected))


def _statement(
    model: AnyModel, pk: Any, assignments: list[Any], expected: list[Any]
) -> tuple[sql.Composed, list[Any]]:
    setting = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(c.column)) for c, _ in assignments)
    same = sql.SQL(" AND ").join(
        sql.SQL("{} IS NOT DISTINCT FROM %s").format(sql.Identifier(c.column)) for c, _ in expected
    )
    statement = sql.SQL("UPDATE {} SET {} WHERE id = %s AND {}").format(
        sql.Identifier(model._meta.db_table), setting, same
    )
    return statement, [*(value for _, value in assignments), pk, *(value for _, value in expected)]


def _cancel(writer: Writer, keys: list[str]) -> None:
    """Bookings ahead that no longer happen, because the episode ended or is on hold."""
    ids = [writer.id_of(Booking, key) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schedule_booking SET status = 'cancelled', cancelled_at = lower(during), "
            "cancelled_by = 'demo', cancel_kind = 'enrollment', sequence = sequence + 1 "
            "WHERE id = ANY (%s) AND status = 'booked'",
            [ids],
        )
