"""What a migration may do while the clinic is open and the code before it still runs (CONTRIBUTING.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field

from dayward.kernel.live_changes import AddIndexBeside

WORDLESS = re.compile(r"^\d{4}_(auto|alter|remove|rename|initial|migration|update|change)s?(_\d+)*$|_auto_")
BREAKING_SQL = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|CONSTRAINT)|RENAME|ALTER\s+COLUMN\s+\S+\s+(TYPE|SET\s+NOT\s+NULL)|LOCK\s+TABLE"
    r"|VACUUM|CLUSTER|REINDEX)\b",
    re.IGNORECASE,
)
RENAMES = (operations.RenameField, operations.RenameModel, operations.AlterModelTable)
SHORTEST_REASON = 20


def is_wordless(name: str, *, makes_tables: bool) -> bool:
    """`0007_auto_…` and `0003_alter` tell nobody what was done; a package's first may be called initial."""
    if name.endswith("_initial"):
        return not makes_tables
    return bool(WORDLESS.search(name))


def dangers(migration: Migration, before: ProjectState) -> Iterator[str]:
    """What would stop those who work, or the code before. `safe_because` on the class answers, with a reason."""
    reason = getattr(migration, "safe_because", "")
    if len(reason) >= SHORTEST_REASON:
        return
    state = before.clone()
    made: set[str] = set()
    for operation in _flat(migration.operations):
        yield from _dangers_of(operation, migration, state, made)
        operation.state_forwards(migration.app_label, state)


def _flat(given: Sequence[Operation]) -> Iterator[Operation]:
    """What happens in the database; what is only said about the models does no harm."""
    for operation in given:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _dangers_of(
    operation: Operation, migration: Migration, state: ProjectState, made: set[str]
) -> Iterator[str]:
    if isinstance(operation, operations.CreateModel):
        made.add(operation.name_lower)
        return
    if isinstance(operation, operations.RunSQL):
        text = str(operation.sql)
        if BREAKING_SQL.search(text):
            yield f"SQL that breaks or blocks: {BREAKING_SQL.search(text)[0]}"  # type: ignore[index]
        return
    model = str(getattr(operation, "model_name_lower", getattr(operation, "name_lower", "")))
    if model in made:
        return  # nobody uses what this migration itself has made
    yield from _dangers_in_use(operation, migration.app_label, model, state)


def _dangers_in_use(operation: Operation, app: str, model: str, state: ProjectState) -> Iterator[str]:
    where = f"{app}.{model}"
    if isinstance(operation, (operations.RemoveField, operations.DeleteModel)):
        yield f"{where}: something is removed that the code before reads"
    elif isinstance(operation, RENAMES):
        yield f"{where}: something is renamed that the code before reads"
    elif isinstance(operation, operations.AddField) and not _may_be_left_out(operation.field):
        yield f"{where}.{operation.name}: the code before does not fill it; null=True or db_default"
    elif isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexBeside):
        yield f"{where}: an index blocks writing while it is made; AddIndexBeside"
    elif isinstance(operation, operations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        yield f"{where}: a constraint blocks the table while all rows are read; AddConstraintNotValid"
    elif isinstance(operation, operations.AlterField):
        old = state.models[app, model].fields.get(operation.name)
        if old is not None and not widens(old, operation.field):
            yield f"{where}.{operation.name}: the table is written anew, or the code before cannot fill it"


def _may_be_left_out(field: Field) -> bool:  # type: ignore[type-arg]
    return bool(field.null or _has_db_default(field) or field.many_to_many)


def _has_db_default(field: Field) -> bool:  # type: ignore[type-arg]
    found: bool = field.has_db_default()  # type: ignore[attr-defined]  # django-stubs do not know it yet
    return found


def widens(old: Field, new: Field) -> bool:  # type: ignore[type-arg]
    """Whether what fitted before still fits, without writing the table anew."""
    if old.null and not new.null and not _has_db_default(new):
        return False
    if old.many_to_many or new.many_to_many:
        return bool(old.many_to_many and new.many_to_many)
    return same_or_longer(old.db_type(connection) or "", new.db_type(connection) or "")


def same_or_longer(old: str, new: str) -> bool:
    if old == new:
        return True
    lengths = [re.fullmatch(r"varchar\((\d+)\)", kind) for kind in (old, new)]
    if lengths[0] and lengths[1]:
        return int(lengths[1][1]) >= int(lengths[0][1])
    return bool(lengths[0]) and new == "text"


# -- the code before, on the tables of today ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column as it is in the database now."""

    is_fillable: bool  # a row can be written that does not name it


def misfits(before: ProjectState, tables: Mapping[str, Mapping[str, Column]]) -> Iterator[str]:
    """Why the models of the code before could not read or write the tables there are."""
    rendered = before.apps
    for key, state in sorted(before.models.items()):
        model = rendered.get_model(*key)
        table = model._meta.db_table
        if state.options.get("proxy") or model._meta.swapped or not model._meta.managed:
            continue
        if table not in tables:
            yield f"{table} is gone"
            continue
        known = {field.column for field in model._meta.concrete_fields}
        yield from (f"{table}.{column} is gone" for column in sorted(known - set(tables[table])))
        for name, column in sorted(tables[table].items()):
            if name not in known and not column.is_fillable:
                yield f"{table}.{name} is new and must be filled"


def tables_now() -> dict[str, dict[str, Column]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, is_nullable = 'YES' OR column_default IS NOT NULL"
            " OR is_identity = 'YES' OR is_generated = 'ALWAYS'"
            " FROM information_schema.columns WHERE table_schema = 'public'"
        )
        found: dict[str, dict[str, Column]] = {}
        for table, name, is_fillable in cursor.fetchall():
            found.setdefault(table, {})[name] = Column(is_fillable)
    return found
