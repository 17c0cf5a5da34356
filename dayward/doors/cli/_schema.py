"""How the code and the database stand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.kernel.database import read_marks
from dayward.kernel.errors import Misconfigured


@dataclass(frozen=True)
class Standing:
    """`missing`: what the code has and the database lacks; `unknown`: what a newer code has left there."""

    missing: list[str]
    unknown: list[str]
    is_set_up: bool

    @property
    def is_up_to_date(self) -> bool:
        return self.is_set_up and not self.missing and not self.unknown


def standing() -> Standing:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    known = {
        *loader.disk_migrations,
        *(old for made in loader.replacements.values() for old in made.replaces),
    }
    applied = {node for node in loader.applied_migrations if node[0] in loader.migrated_apps}
    unknown = [f"{app}.{name}" for app, name in sorted(applied - known)]
    missing = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    return Standing(missing, unknown, read_marks().get("schema") == schema_fingerprint())


def refuse_newer_database() -> None:
    """An older program must not say of a newer database that it is up to date."""
    unknown = standing().unknown
    if unknown:
        raise Misconfigured(
            f"The database is of a newer Dayward: it has {len(unknown)} changes this program does not know, such "
            f"as {unknown[0]}. Use the newer program."
        )


def refuse_old_schema() -> None:
    """A program one landing older than the database may serve: migrations are made so that it can (CONTRIBUTING.md).

    That lets several machines be brought up to date one after the other, and the old program be put back.
    """
    if read_marks().get("schema") == schema_fingerprint():
        return
    found = standing()
    if found.missing or not found.unknown:
        raise Misconfigured(
            "The database is not up to date with this version of Dayward: run `dayward upgrade`, which backs up before"
            " (or `dayward migrate`, which does not)."
        )
