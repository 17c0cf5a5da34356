"""Bring the database up to date: tables, what packages load into them, and what the app role may do.

Signs in as the owner of the database; the server and the worker never do.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.doors.cli._progress import say, step
from dayward.doors.cli._schema import refuse_newer_database
from dayward.kernel.database import (
    connect,
    ensure_database,
    ensure_roles_and_grants,
    owner_database,
    read_marks,
    write_marks,
)
from dayward.kernel.setup import after_migrate

LOCK_SECONDS = 20
ASK_AGAIN_SECONDS = 0.5
_HALF_BUILT = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = current_schema()::regnamespace ORDER BY relname
"""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="even when nothing seems to have changed")


def run(options: Namespace) -> int:
    ensure_database()
    wanted = schema_fingerprint()
    if read_marks().get("schema") == wanted and not options.force:
        print("The database is up to date.")
        return 0
    one_at_a_time()
    refuse_newer_database()
    drop_half_built()
    with step("making the tables"):
        call_command("migrate", interactive=False, verbosity=0)
    for registered in after_migrate.values():
        with step(registered.label):
            registered.act()
    connection.close()
    with step("granting what the server may do"), connect(owner_database()) as owner:
        ensure_roles_and_grants(owner)
    write_marks(schema=wanted)
    return 0


def one_at_a_time() -> None:
    """Two machines that migrate do it one after the other, and nobody queues up behind a table that is in use.

    Asked again and again, not waited for: a statement that waits keeps its view of the tables, and an index that the
    other machine builds beside the clinic's work waits until nobody has an older one.
    """
    if not _is_our_turn():
        say("  Another machine is at it; this one waits.")
        while not _is_our_turn():
            time.sleep(ASK_AGAIN_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")


def _is_our_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('dayward migrate'))")
        return bool(cursor.fetchone()[0])


def drop_half_built() -> None:
    """An index whose building was interrupted stays behind, holds up writing, and keeps its name from the next try."""
    with connection.cursor() as cursor:
        cursor.execute(_HALF_BUILT)
        for (name,) in cursor.fetchall():
            with step(f"dropping {name}, half built"):
                cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier(name)))
