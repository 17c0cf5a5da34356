"""Whose histories are copied into the past: those whose way through the clinic is over, with all that hangs on it."""

# ruff: noqa: S608 - every name in these statements comes from the models, every value from this package

from __future__ import annotations

from typing import Any

import psycopg

from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.demo.large_models import (
    BY_POINTER,
    NOT_BACK,
    Booking,
    File,
    Person,
    Relationship,
    Session,
    Signature,
    Table,
    User,
)
from dayward.demo.large_sql import chosen_name
from dayward.demo.ledger import AnyModel

Connection = psycopg.Connection[Any]


def choose(connection: Connection, tables: list[Table]) -> frozenset[AnyModel]:
    """Temporary tables of the chosen rows' keys; the models that have one."""
    by_model = {table.model: table for table in tables}
    connection.execute(_people())
    done: list[AnyModel] = [Person]
    _keep(connection, Booking, "x.person_id IN (SELECT id FROM chosen_people_person)")
    _keep(connection, Session, f"x.id IN (SELECT b.session_id FROM {Booking._meta.db_table} b JOIN"
          f" {chosen_name(Booking)} c ON c.id = b.id)")  # fmt: skip
    done += [Booking, Session]
    while more := [table for table in tables if table.model not in done and _condition(table, done)]:
        for table in more:
            _keep(connection, table.model, _condition(table, done))
        done += [table.model for table in more]
    for model in (Signature, File):
        _keep(connection, model, _pointed_at(model, [by_model[one] for one in done]))
        done.append(model)
    return frozenset(done)


def _people() -> str:
    states = {
        machine: ", ".join(f"'{state}'" for state in open_states(machine))
        for machine in (Machine.INTAKE, Machine.EPISODE)
    }
    return f"""CREATE TEMP TABLE chosen_people_person ON COMMIT DROP AS
    SELECT id FROM people_person p WHERE same_as_id IS NULL
      AND NOT EXISTS (SELECT FROM people_person o WHERE o.same_as_id = p.id)
      AND NOT EXISTS (SELECT FROM journey_episode e WHERE e.person_id = p.id AND e.state IN ({states[Machine.EPISODE]}))
      AND NOT EXISTS (SELECT FROM journey_intakecase c
        WHERE c.person_id = p.id AND c.state IN ({states[Machine.INTAKE]}))
      AND NOT EXISTS (SELECT FROM safety_alert a WHERE a.person_id = p.id AND a.closed_at IS NULL);
    CREATE UNIQUE INDEX ON chosen_people_person (id);
    {_FAMILIES}{_FAMILIES}
    ANALYZE chosen_people_person"""


#: Nobody without their relatives; run twice, since a relative may have relatives.
_FAMILIES = """
    DELETE FROM chosen_people_person p USING people_relationship r WHERE p.id IN (r.person_id, r.relative_id)
      AND (NOT EXISTS (SELECT FROM chosen_people_person o WHERE o.id = r.person_id)
        OR NOT EXISTS (SELECT FROM chosen_people_person o WHERE o.id = r.relative_id));
"""


def _keep(connection: Connection, model: AnyModel, condition: str) -> None:
    key = "sha256" if model is File else "id"
    name = chosen_name(model)
    connection.execute(
        f'CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT x."{key}" AS id FROM "{model._meta.db_table}" x'
        f" WHERE {condition}"
    )
    connection.execute(f"CREATE UNIQUE INDEX ON {name} (id)")
    connection.execute(f"ANALYZE {name}")


def _condition(table: Table, done: list[AnyModel]) -> str:
    """A row belongs to the person it names; without one, to the first chosen thing it points to."""
    if table.model in NOT_BACK | BY_POINTER:
        return ""
    names = [column for column in table.pointers() if column.target in done and column.target is not User]
    own = [column for column in names if column.name == "person_id"]
    both = " AND " if table.model is Relationship else " OR "
    return both.join(
        f'x."{column.name}" IN (SELECT id FROM {chosen_name(column.target)})'
        for column in (own if own and table.model is not Relationship else names)
        if column.target is not None
    )


def _pointed_at(model: AnyModel, tables: list[Table]) -> str:
    key = "sha256" if model is File else "id"
    parts = [
        f'SELECT t."{column.name}" FROM "{table.name}" t JOIN {chosen_name(table.model)} c ON c.id = t.id'
        for table in tables
        for column in table.pointers()
        if column.target is model
    ]
    return f'x."{key}" IN ({" UNION ".join(parts)})'
