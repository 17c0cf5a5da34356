"""Bring the database up to date: tables, what packages load into them, and what the app role may do.

Signs in as the owner of the database; the server and the worker never do.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.db import connection

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.doors.cli._progress import step
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


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="even when nothing seems to have changed")


def run(options: Namespace) -> int:
    ensure_database()
    wanted = schema_fingerprint()
    if read_marks().get("schema") == wanted and not options.force:
        print("The database is up to date.")
        return 0
    refuse_newer_database()
    with step("making the tables"):
        one_at_a_time()
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
    """Two machines that migrate do it one after the other, and nobody queues up behind a table that is in use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('dayward migrate'))")
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
