"""Changes of the tables that are made while the clinic goes on writing."""

from __future__ import annotations

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AddIndexBeside(AddIndexConcurrently):
    """An index that blocks nobody. It is outside of any transaction: one that is there, from a try that was stopped
    after it, is kept; `dayward migrate` has dropped those that were stopped in the middle.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not _is_there(schema_editor, self.index.name):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


def _is_there(schema_editor: BaseDatabaseSchemaEditor, name: str) -> bool:
    if schema_editor.collect_sql:
        return False
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(quote_ident(%s)) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])
