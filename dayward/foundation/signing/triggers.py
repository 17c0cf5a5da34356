"""For migrations of signed tables: attach the database's refusal to change what is signed.

dependencies = [("signing", "0002_refuse_signed_change"), ("consent", "0001_initial")]
operations = [refuse_signed_change("consent_consent", "revoked_at", "revoked_by_id")]
"""

from __future__ import annotations

from django.db import migrations


def refuse_signed_change(table: str, *set_once: str) -> migrations.RunSQL:
    """A row of `table` with a `signature_id` takes no UPDATE and no DELETE.

    Columns `set_once` may be filled in while they are empty.
    """
    arguments = ", ".join(f"'{column}'" for column in set_once)
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_signed BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION dayward_refuse_signed_change({arguments});",
        f"DROP TRIGGER {table}_signed ON {table};",
    )


def refuse_signed_part_change(table: str, *, parent: str, column: str) -> migrations.RunSQL:
    """Rows of `table` whose `column` points to a signed row of `parent` are neither added, changed nor deleted."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_signed_part BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION dayward_refuse_signed_part_change('{parent}', '{column}');",
        f"DROP TRIGGER {table}_signed_part ON {table};",
    )
