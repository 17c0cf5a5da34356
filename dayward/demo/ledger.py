"""Rows to write, by model and key, with foreign keys given as keys; and how they get into PostgreSQL.

The seed is the one exception to "only services write" (docs/decisions): it uses COPY. Keys make the public ids,
so the same simulation gives the same rows. No row may take a default that reads the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.postgres.fields import ranges
from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

from dayward.care.catalog.models import ServiceKind
from dayward.care.journey.models import IntakeCase
from dayward.chart.assessments.models import Assessment
from dayward.chart.plans.models import Plan, PlanReview
from dayward.kernel.errors import Misconfigured

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
_LETTERS = bytes(ord(ALPHABET[number % len(ALPHABET)]) for number in range(256))
Values = dict[str, Any]
AnyModel = type[models.Model]


def public_id(model: AnyModel, key: str) -> str:
    """A public id as any other, but always the same for the same row."""
    return hashlib.sha256(f"{model._meta.label}:{key}".encode()).digest()[:16].translate(_LETTERS).decode()


def span(starts: datetime, ends: datetime) -> Range[datetime]:
    """A range of instants, the end left out."""
    return Range(starts, ends, "[)")


@dataclass
class Ledger:
    """Rows in the order in which they were added."""

    tables: dict[AnyModel, dict[str, Values]] = field(default_factory=dict)

    def add(self, model: AnyModel, key: str, /, **values: Any) -> str:
        """Put a row in; its key is returned, for the foreign keys of others."""
        rows = self.tables.setdefault(model, {})
        if key in rows:
            raise Misconfigured(f"Two rows of {model._meta.label} have the key {key!r}.")
        rows[key] = values
        return key

    def change(self, model: AnyModel, key: str, /, **values: Any) -> None:
        """Give a row that is already in other values."""
        self.tables[model][key].update(values)

    def rows(self, model: AnyModel) -> dict[str, Values]:
        return self.tables.get(model, {})


ASIDE = datetime(2000, 1, 1, tzinfo=UTC)
#: A case may point to the episode before, which points to a case of its own.
BACKWARD = "previous_episode"
#: Written once their lists stand beside them: a part of what is signed may not come later (a trigger).
SIGNED_LAST: dict[AnyModel, Values] = {
    IntakeCase: {BACKWARD: None},
    Assessment: {"signature": None, "signed_text": ""},
    Plan: {"signature": None, "signed_text": "", "completed_at": None, "completed_by": None},
    # Set aside meanwhile: an episode has one open draft of a review.
    PlanReview: {
        "signature": None,
        "signed_text": "",
        "entered_in_error_at": ASIDE,
        "entered_in_error_by": "n-super",
    },
}


@dataclass(frozen=True)
class Column:
    """How one field's values get into its column."""

    name: str
    column: str
    default: Callable[[], Any]
    target: AnyModel | None
    wrap: Callable[[Any], Any]


def _default(model: AnyModel, one: models.Field[Any, Any]) -> Callable[[], Any]:
    if one.has_default():
        if callable(one.default) and one.default not in (dict, list):
            return _refuse(model, one)
        return one.get_default
    if one.null:
        return lambda: None
    if one.blank and one.empty_strings_allowed:
        return lambda: ""
    return _refuse(model, one)


def _refuse(model: AnyModel, one: models.Field[Any, Any]) -> Callable[[], Any]:
    def refuse() -> Any:
        raise Misconfigured(f"The demo has to say {model._meta.label}.{one.name}.")

    return refuse


def columns(model: AnyModel) -> list[Column]:
    """The columns that a row of the model writes, its id and public id left out."""
    found = []
    for one in model._meta.concrete_fields:
        if one.name in ("id", "public_id") or one.generated:
            continue
        target = cast(AnyModel, one.related_model) if one.is_relation else None
        wrap: Callable[[Any], Any] = Jsonb if isinstance(one, models.JSONField) else lambda value: value
        if isinstance(one, ranges.DateTimeRangeField) and not isinstance(one, models.JSONField):
            wrap = lambda value: value  # noqa: E731 - given as psycopg's ranges already
        found.append(Column(one.name, one.column or one.name, _default(model, one), target, wrap))
    return found


class Writer:
    """Writes ledgers; knows the id of each row it has written or found."""

    def __init__(self) -> None:
        self.ids: dict[AnyModel, dict[str, Any]] = {}

    def id_of(self, model: AnyModel, key: str) -> Any:
        """The primary key behind a key: of a row written here, or of one that is in the database."""
        known = self.ids.setdefault(model, {})
        if key not in known:
            known[key] = self._look_up(model, key)
        return known[key]

    def _look_up(self, model: AnyModel, key: str) -> Any:
        if not _has(model, "public_id"):
            return key  # a table whose primary key is a word, such as a code of ICD-10-CM
        by_key = {"key": key} if model is ServiceKind else {"public_id": public_id(model, key)}
        return model._default_manager.values_list("pk", flat=True).get(**by_key)

    def copy(self, model: AnyModel, rows: dict[str, Values]) -> None:
        """Insert rows with COPY; of what is signed last everything but that (`sign_last`)."""
        if not rows:
            return
        if model in SIGNED_LAST:
            rows = {key: values | SIGNED_LAST[model] for key, values in rows.items()}
        number = _has(model, "id")
        self.ids.setdefault(model, {}).update(
            zip(rows, _new_ids(model, len(rows)) if number else rows, strict=True)
        )
        wanted = columns(model)
        names = [*(["id"] if number else []), *(["public_id"] if _has(model, "public_id") else [])]
        names += [column.column for column in wanted]
        quoted = ", ".join(f'"{name}"' for name in names)
        statement = f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
        # Every key is looked up before the COPY begins: the connection answers nothing else meanwhile.
        lines = list(self._lines(model, rows, wanted, number))
        with connection.cursor() as cursor, cursor.copy(statement) as out:
            for line in lines:
                out.write_row(line)

    def _lines(
        self, model: AnyModel, rows: dict[str, Values], wanted: list[Column], number: bool
    ) -> Iterator[list[Any]]:
        has_public_id = _has(model, "public_id")
        names = {column.name for column in wanted}
        for key, values in rows.items():
            if unknown := values.keys() - names - {"public_id"}:
                raise Misconfigured(f"{model._meta.label} has no {', '.join(sorted(unknown))}.")
            line: list[Any] = [self.ids[model][key]] if number else []
            if has_public_id:
                line.append(values.get("public_id") or public_id(model, key))
            line += [self.value(column, values) for column in wanted]
            yield line

    def sign_last(self, model: AnyModel, rows: dict[str, Values]) -> None:
        """Put the signatures under rows that `copy` wrote before their lists."""
        wanted = [column for column in columns(model) if column.name in SIGNED_LAST[model]]
        parts = [sql.SQL("{} = %s").format(sql.Identifier(column.column)) for column in wanted]
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s")
        with connection.cursor() as cursor:
            cursor.executemany(
                statement.format(sql.Identifier(model._meta.db_table), sql.SQL(", ").join(parts)),
                [
                    [*(self.value(column, row) for column in wanted), self.ids[model][key]]
                    for key, row in rows.items()
                    if any(row.get(name) != aside for name, aside in SIGNED_LAST[model].items())
                ],
            )

    def value(self, column: Column, values: Values) -> Any:
        """What goes into the column for this row."""
        given = values[column.name] if column.name in values else column.default()
        if given is None:
            return None
        if column.target is not None:
            return self.id_of(column.target, given)
        return column.wrap(given)


def _has(model: AnyModel, name: str) -> bool:
    return any(one.name == name for one in model._meta.concrete_fields)


def _new_ids(model: AnyModel, count: int) -> Iterable[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]
