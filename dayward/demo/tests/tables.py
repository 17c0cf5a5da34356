"""What stands in the demo's tables, told without internal keys, so that two builds can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from dayward.demo.ledger import AnyModel
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.audit.models import Entry

KEEPER = system_actor("standards.keep")
Rows = dict[str, list[str]]


class _UndoneError(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back; deferred constraints are checked before."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            raise _UndoneError
    except _UndoneError:
        pass


def told(tables: list[AnyModel], keep: Callable[[AnyModel, str], bool] = lambda model, name: True) -> Rows:
    """Each table's rows as sorted sentences; a foreign key is told by the public id of its row."""
    names: dict[AnyModel, dict[Any, str]] = {}
    return {model._meta.label: sorted(_rows(model, names, keep)) for model in tables}


def _rows(
    model: AnyModel, names: dict[AnyModel, dict[Any, str]], keep: Callable[[AnyModel, str], bool]
) -> Iterator[str]:
    fields = [
        one
        for one in model._meta.concrete_fields
        if one.name != "id" and not one.generated and keep(model, one.name)
    ]
    stored = model._default_manager.all()
    if (
        model is Entry
    ):  # the nightly audit is no row of the demo: the service that does it leaves its own entry
        stored = stored.exclude(actor=KEEPER.id)
    for row in stored.values_list(*(one.attname for one in fields)):
        yield "; ".join(
            f"{one.name}={_plain(one, value, names)}" for one, value in zip(fields, row, strict=True)
        )


def _plain(one: models.Field[Any, Any], value: Any, names: dict[AnyModel, dict[Any, str]]) -> str:
    if value is None or not one.is_relation:
        return str(bytes(value)) if isinstance(value, memoryview) else str(value)
    target: AnyModel = one.related_model  # type: ignore[assignment]
    if target not in names:
        has = any(each.name == "public_id" for each in target._meta.concrete_fields)
        known = target._default_manager.values_list("pk", "public_id") if has else []
        names[target] = dict(known)
    return names[target].get(value, str(value))
