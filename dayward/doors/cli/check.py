"""Check configuration, database, migrations, library folders and the audit chain: one line each.

The exit code is 0 when all are ok, so that a timer can watch it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from dayward.doors.cli._freshness import schema_fingerprint
from dayward.foundation.audit.queries import verify_chains
from dayward.foundation.operations.queries import clock_went_back, health
from dayward.foundation.operations.rules import Part
from dayward.foundation.operations.words import span, told
from dayward.foundation.organization.queries import is_demo
from dayward.kernel.database import OLDEST_SERVER, is_embedded, privileges_on, read_marks
from dayward.kernel.errors import DaywardError, Misconfigured

SHORTEST_KEY = 32
WIDTH = 22


def arguments(parser: ArgumentParser) -> None:
    """Nothing to choose: it always checks everything."""


def run(options: Namespace) -> int:
    results = [tell(label, check) for label, check in CHECKS.items()]
    return 0 if all(results) else 1


def tell(label: str, check: Callable[[], str]) -> bool:
    """One line; a check either returns what it found or raises what is wrong."""
    try:
        sentence, ok = check(), True
    except DaywardError as problem:
        sentence, ok = problem.sentence, False
    except OperationalError:
        sentence, ok = "The server's role cannot sign in to the database; run `dayward migrate`.", False
    except Exception as problem:  # a check must not hide the ones after it
        sentence, ok = f"could not be checked ({type(problem).__name__})", False
    sys.stdout.write(f"{'ok    ' if ok else 'NOT OK'}  {label:<{WIDTH}}{sentence}\n")
    return ok


def configuration() -> str:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        raise Misconfigured(f"DAYWARD_SECRET_KEY is shorter than {SHORTEST_KEY} characters.")
    outside = [host for host in settings.ALLOWED_HOSTS if host not in {"localhost", "127.0.0.1", "[::1]"}]
    if outside and not settings.HTTPS:
        raise Misconfigured(
            f"Served as {', '.join(outside)} without DAYWARD_HTTPS=1: sign-ins would travel in clear."
        )
    if outside and is_demo():
        raise Misconfigured("This is the synthetic clinic; it may not be served outside this computer.")
    return f"data in {settings.VAR_DIR}, served as {', '.join(settings.ALLOWED_HOSTS)}{copy_words()}"


def copy_words() -> str:
    """A copy for developers says so itself."""
    made = read_marks().get("scrubbed")
    return f"; a scrubbed copy of {made}: nobody in it is real" if made else ""


def code() -> str:
    """Django's system checks, to which every package adds its own: library folders, evidence, permissions."""
    found = [problem for problem in run_checks() if problem.level >= WARNING and not problem.is_silenced()]
    if found:
        raise Misconfigured("; ".join(f"{problem.msg} ({problem.id})" for problem in found))
    return "complete and well-formed"


def database() -> str:
    connection.ensure_connection()
    version = connection.connection.info.server_version
    if version < OLDEST_SERVER:
        raise Misconfigured(f"PostgreSQL {version // 10000} is too old; 16 or newer is needed.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            raise Misconfigured("The server signs in as a role with special rights; see DATABASE_APP_URL.")
    kind = "embedded" if is_embedded() else "external"
    return f"PostgreSQL {version // 10000}.{version % 10000}, {kind}"


def migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:5])
        raise Misconfigured(f"{len(missing)} not applied ({names}); run `dayward upgrade`.")
    if read_marks().get("schema") != schema_fingerprint():
        raise Misconfigured("Set-up is older than this version of Dayward; run `dayward upgrade`.")
    return "all applied"


def rights() -> str:
    """What the server's role may do is exactly what the lists say: a grant too many is found here."""
    with connection.cursor() as cursor:
        tables = [info.name for info in connection.introspection.get_table_list(cursor) if info.type in "tp"]
        wrong = [table for table in tables if granted(cursor, table) != meant(table)]
    if wrong:
        raise Misconfigured(f"Wrong rights on {', '.join(wrong[:5])}; run `dayward migrate --force`.")
    return f"the server may do what it must on {len(tables)} tables, and no more"


def granted(cursor: object, table: str) -> set[str]:
    """Privileges on the table, and "UPDATE column" for each that is granted alone."""
    assert hasattr(cursor, "execute")
    assert hasattr(cursor, "fetchall")
    cursor.execute(
        "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege"
        " WHERE has_table_privilege(to_regclass(quote_ident(%(table)s)), privilege)"
        " UNION ALL SELECT 'UPDATE ' || attname FROM pg_attribute"
        " WHERE attrelid = to_regclass(quote_ident(%(table)s)) AND attnum > 0 AND NOT attisdropped"
        " AND NOT has_table_privilege(attrelid, 'UPDATE') AND has_column_privilege(attrelid, attnum, 'UPDATE')",
        {"table": table},
    )
    return {row[0] for row in cursor.fetchall()}


def meant(table: str) -> set[str]:
    """The same as the lists of the code say it."""
    whole, _bracket, columns = privileges_on(table).partition("UPDATE (")
    listed = {f"UPDATE {column.strip(' )')}" for column in columns.split(",") if column}
    return {each for each in whole.split(", ") if each} | listed


def audit_chain() -> str:
    chains = verify_chains()
    broken = [chain.sentence for chain in chains if not chain.ok]
    if broken:
        raise Misconfigured(" ".join(broken))
    entries = sum(chain.entries for chain in chains)
    return f"{entries} entries in {len(chains)} {'chain' if len(chains) == 1 else 'chains'}, unbroken"


def clock() -> str:
    """Findings of this moment; and what is known of before."""
    found = next((each for each in health() if each.part is Part.CLOCK), None)
    if found is None or not found.is_ok:
        raise Misconfigured(told(found).sentence if found else "The database does not answer.")
    noted = clock_went_back()
    if noted is None:
        return "goes with what was written down before"
    when = f"{noted.at:%Y-%m-%d %H:%M} UTC"
    return f"right now; at {when} it was found to have gone back by {span(noted.detail['seconds'])}"


CHECKS: dict[str, Callable[[], str]] = {
    "configuration": configuration,
    "code and libraries": code,
    "database": database,
    "migrations": migrations,
    "rights": rights,
    "audit chain": audit_chain,
    "clock": clock,
}
