"""From the clinic as it was simulated to the clinic as a longer simulation has it, around what visitors did.

What a visitor changed is theirs from then on: the simulation leaves it alone, with what hangs on it. A row that
would collide with one of theirs is left out, or left as it was, too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from dayward.care.attendance.models import RollCall
from dayward.care.journey.models import Episode, IntakeCase, Transition
from dayward.care.referrals.models import ReferralDocument
from dayward.care.schedule.models import Booking, Session
from dayward.chart.notes.models import Note
from dayward.chart.plans.models import Plan
from dayward.demo.ledger import SIGNED_LAST, AnyModel, Column, Ledger, Values, Writer, columns, public_id
from dayward.foundation.audit.models import Entry
from dayward.foundation.people.models import Person

Pair = tuple[Values, Values]
Keys = dict[AnyModel, set[str]]

#: Where a visitor's hand shows: the column that every change of such a row goes through.
WATCHED: dict[AnyModel, str] = {
    ReferralDocument: "state",
    IntakeCase: "state",
    Episode: "state",
    Session: "status",
    Booking: "status",
    Plan: "version",
    Note: "version",
}
#: What the simulation may leave unsaid, and the table then says.
UNSAID: dict[AnyModel, str | int] = {Session: "planned", Booking: "booked", Plan: 1, Note: 1}
SUBJECTS = ("case", "episode", "aftercare")


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


def apply_changes(before: Ledger, after: Ledger, order: list[AnyModel]) -> int:
    """Write what a longer simulation has; returns how many of its rows were left out."""
    changes = Changes.between(before, after)
    hands_off = held(before, after, order)
    writer = Writer()
    _cancel(writer, [key for key in changes.gone if key not in hands_off[Booking]])
    left = 0
    for model in order:
        if model is Entry:
            hands_off[Entry] |= _about(changes.new[Entry], hands_off)
        theirs = hands_off[model]
        changed = {key: pair for key, pair in changes.changed[model].items() if key not in theirs}
        collided = _update(writer, model, changed, _paths(changes, model))
        theirs |= collided
        left += len(collided) + _insert(writer, model, changes.new[model], hands_off)
    for model in SIGNED_LAST:
        written = {key: row for key, row in changes.new[model].items() if key not in hands_off[model]}
        writer.sign_last(model, written)
    return left


# -- what visitors did -------------------------------------------------------------------------------------------


def held(before: Ledger, after: Ledger, order: list[AnyModel]) -> Keys:
    """Rows that a visitor changed, and all that hangs on them."""
    theirs: Keys = defaultdict(set)
    for model, name in WATCHED.items():
        theirs[model] |= _differing(before, model, name)
    theirs[Session] |= _rolls_taken(before)
    for key in theirs[ReferralDocument]:  # whom a visitor took in is not taken in again
        theirs[Person] |= {key, f"{key}-relative"}
    if any(theirs.values()):
        for model in order:
            targets = _targets(model)
            rows = after.rows(model)
            theirs[model] |= {
                key for key, values in rows.items() if _hangs_on(model, targets, values, theirs)
            }
    return theirs


def _about(entries: dict[str, Values], theirs: Keys) -> set[str]:
    """Entries about what was left to a visitor: it did not happen."""
    left = {public_id(model, key) for model, keys in theirs.items() for key in keys}
    return {key for key, values in entries.items() if values["subject"] in left}


def _differing(before: Ledger, model: AnyModel, name: str) -> set[str]:
    stored = dict(model._default_manager.values_list("public_id", name))
    usual = UNSAID.get(model, "")
    return {
        key
        for key, values in before.rows(model).items()
        if stored[public_id(model, key)] != values.get(name, usual)
    }


def _rolls_taken(before: Ledger) -> set[str]:
    """Sessions whose roll a visitor opened."""
    simulated = {public_id(RollCall, key) for key in before.rows(RollCall)}
    opened = RollCall.objects.exclude(public_id__in=simulated).values_list("session__public_id", flat=True)
    found = set(opened)
    return {key for key in before.rows(Session) if found and public_id(Session, key) in found}


def _targets(model: AnyModel) -> list[Column]:
    return [column for column in columns(model) if column.target is not None]


def _hangs_on(model: AnyModel, targets: list[Column], values: Values, theirs: Keys) -> bool:
    if model is Booking and values["person"] in theirs[Episode]:
        return True  # a person, their case and their episode have the same key
    return any(
        column.target in theirs and values.get(column.name) in theirs[column.target]
        for column in targets
        if column.target is not None and values.get(column.name) is not None
    )


# -- new rows ----------------------------------------------------------------------------------------------------


def _insert(writer: Writer, model: AnyModel, rows: dict[str, Values], theirs: Keys) -> int:
    """All rows at once; where some collide, half of them at a time, down to the ones that do."""
    targets = _targets(model)
    fit = {
        key: values
        for key, values in rows.items()
        if key not in theirs[model] and not _hangs_on(model, targets, values, theirs)
    }
    theirs[model] |= rows.keys() - fit.keys()
    try:
        with transaction.atomic():
            writer.copy(model, fit)
    except (DatabaseError, psycopg.Error):  # COPY is psycopg's own: Django does not translate its errors
        if len(fit) == 1:
            theirs[model] |= fit.keys()
            return len(rows)
        middle = len(fit) // 2
        items = list(fit.items())
        parts = (dict(items[:middle]), dict(items[middle:]))
        return len(rows) - len(fit) + sum(_insert(writer, model, part, theirs) for part in parts)
    return len(rows) - len(fit)


# -- changed rows ------------------------------------------------------------------------------------------------


def _paths(changes: Changes, model: AnyModel) -> dict[str, list[str]]:
    """The states that each case or episode goes through: the machine allows one step at a time."""
    paths: dict[str, list[str]] = defaultdict(list)
    if model not in (IntakeCase, Episode):
        return paths
    name = "case" if model is IntakeCase else "episode"
    for step in changes.new[Transition].values():
        if step.get(name) is not None:
            paths[step[name]].append(step["to_state"])
    return paths


def _update(writer: Writer, model: AnyModel, rows: dict[str, Pair], paths: dict[str, list[str]]) -> set[str]:
    """Change what the simulation changed, column by column: what a visitor wrote stays. Returns the rows that would
    collide with a visitor's, as a session that moves into the room they took.
    """
    collided = set()
    for key, pair in rows.items():
        try:
            with transaction.atomic():
                _change(writer, model, key, pair, paths.get(key, []))
        except DatabaseError:
            collided.add(key)
    return collided


def _change(writer: Writer, model: AnyModel, key: str, pair: Pair, path: list[str]) -> None:
    old, new = pair
    pk = writer.id_of(model, key)
    known = {column.name: column for column in columns(model)}
    began = old | {"state": path[-2]} if len(path) > 1 else old
    wanted = [known[name] for name in sorted({*old, *new}) if began.get(name) != new.get(name)]
    pairs = [(column, writer.value(column, began), writer.value(column, new)) for column in wanted]
    with connection.cursor() as cursor:
        for state in path[:-1]:
            cursor.execute(*_state_step(model, pk, state))
        if pairs:
            cursor.execute(*_statement(model, pk, pairs))


def _state_step(model: AnyModel, pk: Any, state: str) -> tuple[sql.Composed, list[Any]]:
    table = sql.Identifier(model._meta.db_table)
    return sql.SQL("UPDATE {} SET state = %s WHERE id = %s").format(table), [state, pk]


def _statement(
    model: AnyModel, pk: Any, pairs: list[tuple[Column, Any, Any]]
) -> tuple[sql.Composed, list[Any]]:
    one = sql.SQL("{0} = CASE WHEN {0} IS NOT DISTINCT FROM %s THEN %s ELSE {0} END")
    parts = [one.format(sql.Identifier(column.column)) for column, _old, _new in pairs]
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(table, sql.SQL(", ").join(parts))
    return statement, [*(value for _column, old, new in pairs for value in (old, new)), pk]


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
