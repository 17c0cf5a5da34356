"""Which database, and as whom.

Two roles. The *owner* makes and changes tables: it is used by migrations and set-up only. The *app* role is what
the server and the worker sign in as: it owns nothing, reads and writes rows, and erases none that are records.

DATABASE_URL       the owner's address of a real PostgreSQL 16+; without it an embedded one runs in `var/pg`
DATABASE_APP_URL   the app role's address; without it the role `<database>_app` is made at set-up
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from dayward.kernel.errors import Misconfigured
from dayward.kernel.local import secret_key, var_folder
from dayward.kernel.postgres import OWNER, PORT, Cluster
from dayward.kernel.postgres_watch import watched

EMBEDDED_DATABASE = "dayward"
EMBEDDED_APP_ROLE = "dayward_app"
OLDEST_SERVER = 160000
PREPARED_AFTER = 5  # times that a connection has sent a statement; Django by itself prepares none

ROLE_VARIABLE = "DAYWARD_DATABASE_ROLE"

# A mark (see below) that `dayward init` leaves, so that no demo ever throws a real clinic away.
CLINIC, REAL = "clinic", "real"

# Rows that are no records: sign-in state and finished jobs. Everything else is entered in error, not erased.
_erasable = {"django_session", "account_*", "mfa_*", "socialaccount_*", "usersessions_*", "procrastinate_*"}
_append_only = {"audit_entry"}
_read_only = {"audit_link", "django_migrations", "django_content_type", "auth_permission"}
_changeable: dict[str, tuple[str, ...]] = {}


def erasable_tables(*patterns: str) -> None:
    """Let the app role delete rows of these tables; for rows that are no records. `*` stands for anything."""
    _erasable.update(patterns)


def append_only_tables(*patterns: str) -> None:
    """The app role may add rows to these tables and read them, nothing else."""
    _append_only.update(patterns)


def read_only_tables(*patterns: str) -> None:
    """The app role may only read these tables."""
    _read_only.update(patterns)


def changeable_columns(table: str, *columns: str) -> None:
    """Of rows of this table the app role may change these columns only."""
    _changeable[table] = columns


# -- addresses ------------------------------------------------------------------------------------------------


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


@cache
def embedded_cluster() -> Cluster:
    return Cluster(var_folder() / "pg")


def running() -> AbstractContextManager[object]:
    """Inside this block the database server runs; a real server is somebody else's business."""
    return embedded_cluster().in_use() if is_embedded() else nullcontext()


@contextmanager
def kept_running() -> Iterator[None]:
    """As `running`, for programs that outlive it: an embedded server that ended is started again."""
    with running(), watched(embedded_cluster()) if is_embedded() else nullcontext():
        yield


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES: the app role, or the owner in the processes that migrate."""
    as_owner = os.environ.get(ROLE_VARIABLE) == "owner"
    return {"default": owner_database() if as_owner else app_database()}


def owner_database(name: str | None = None) -> dict[str, Any]:
    if is_embedded():
        return embedded_database(embedded_cluster(), OWNER, name or EMBEDDED_DATABASE)
    return _from_url(os.environ["DATABASE_URL"], name)


def app_database(name: str | None = None) -> dict[str, Any]:
    if is_embedded():
        return embedded_database(embedded_cluster(), EMBEDDED_APP_ROLE, name or EMBEDDED_DATABASE)
    given = os.environ.get("DATABASE_APP_URL")
    if given:
        return _from_url(given, name)
    settings = owner_database(name)
    return {**settings, "USER": _made_role(settings["NAME"]), "PASSWORD": _made_password(settings["NAME"])}


def embedded_database(cluster: Cluster, role: str, name: str) -> dict[str, Any]:
    return _settings(NAME=name, USER=role, PASSWORD="", HOST=str(cluster.socket_folder), PORT=str(PORT))


def settings_of(url: str) -> dict[str, Any]:
    """Those of a database that is not this configuration's."""
    return _from_url(url, None)


def _settings(**given: Any) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **given,
        "OPTIONS": {"prepare_threshold": PREPARED_AFTER, **given.get("OPTIONS", {})},
    }


def _from_url(url: str, name: str | None) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Misconfigured("DATABASE_URL must look like postgresql://owner:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    found = name or unquote(parts.path.lstrip("/"))
    if not found:
        raise Misconfigured("DATABASE_URL names no database: postgresql://owner:password@host:5432/name.")
    return _settings(
        NAME=found,
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=unquote(parts.hostname or options.pop("host", "")),
        PORT=str(parts.port or options.pop("port", "")),
        OPTIONS=options,
    )


def _made_role(database: str) -> str:
    return f"{database}_app"[:63]


def _made_password(database: str) -> str:
    """Made from the secret key, so that it is kept nowhere else."""
    return hmac.new(secret_key().encode(), f"app role of {database}".encode(), hashlib.sha256).hexdigest()


# -- set-up as the owner ---------------------------------------------------------------------------------------


def connect(settings: dict[str, Any], **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """A plain connection with Django's settings, for what happens before or beside Django."""
    wanted = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        **settings["OPTIONS"],
    }
    try:
        return psycopg.connect(**{key: value for key, value in wanted.items() if value}, **more)
    except psycopg.OperationalError as problem:
        raise Misconfigured(
            f"The database cannot be reached: {str(problem).strip().splitlines()[0]}"
        ) from None


def ensure_database() -> None:
    """The embedded database and its app role exist; a real server is new enough, its database in UTF-8."""
    if is_embedded():
        create_embedded(embedded_cluster(), EMBEDDED_DATABASE)
    with connect(owner_database()) as owner:
        found = owner.info.server_version
        if found < OLDEST_SERVER:
            raise Misconfigured(
                f"Dayward needs PostgreSQL 16 or newer; this server is version {found // 10000}."
            )
        encoding = owner.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise Misconfigured(
                f"Dayward needs a database in UTF-8; this one is in {encoding}. "
                "Make it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
            )


def create_embedded(cluster: Cluster, name: str, template: str | None = None) -> bool:
    """Make a database in an embedded cluster; False when it was there."""
    with connect(embedded_database(cluster, OWNER, "postgres"), autocommit=True) as owner:
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [EMBEDDED_APP_ROLE]).fetchone():
            owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(EMBEDDED_APP_ROLE)))
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + source)
    return True


def ensure_roles_and_grants(connection: psycopg.Connection[Any]) -> None:
    """After every migration: the app role exists and may do what the lists above say, and no more."""
    role = app_database()["USER"]
    with connection.transaction():
        _ensure_role(connection, role)
        _grant_database(connection, role)
        for privileges, tables in _wanted_privileges(connection).items():
            _grant_tables(connection, role, privileges, tables)


def _ensure_role(connection: psycopg.Connection[Any], role: str) -> None:
    if is_embedded() or os.environ.get("DATABASE_APP_URL"):
        return
    password = _made_password(owner_database()["NAME"])
    secret = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    try:
        connection.execute(
            sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(secret)
            )
        )
    except psycopg.errors.InsufficientPrivilege:
        raise Misconfigured(
            f"The owner in DATABASE_URL may not make the role {role}: grant it CREATEROLE, or make a role "
            "yourself and give its address as DATABASE_APP_URL."
        ) from None


def _grant_database(connection: psycopg.Connection[Any], role: str) -> None:
    names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.info.dbname)}
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(**names))


def _wanted_privileges(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT relname, relkind IN ('v', 'm') FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"
    ).fetchall()
    wanted: dict[str, list[str]] = {}
    for name, is_view in sorted(rows):
        wanted.setdefault("SELECT" if is_view else privileges_on(name), []).append(name)
    return wanted


def privileges_on(table: str) -> str:
    """What the app role may do with a table; the narrowest list that names it decides."""
    if _listed(table, _read_only):
        return "SELECT"
    if _listed(table, _append_only):
        return "SELECT, INSERT"
    if table in _changeable:
        return f"SELECT, INSERT, UPDATE ({', '.join(_changeable[table])})"
    return "SELECT, INSERT, UPDATE, DELETE" if _listed(table, _erasable) else "SELECT, INSERT, UPDATE"


def _listed(table: str, patterns: set[str]) -> bool:
    return any(fnmatchcase(table, pattern) for pattern in patterns)


def _grant_tables(connection: psycopg.Connection[Any], role: str, privileges: str, tables: list[str]) -> None:
    statement = sql.SQL("GRANT " + privileges + " ON {} TO {}")  # constants of this code
    listed = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
    connection.execute(statement.format(listed, sql.Identifier(role)))


# -- a note in the database itself ------------------------------------------------------------------------------


def read_marks() -> dict[str, str]:
    """What set-up has noted about this database (`key=value`); empty when it does not exist yet."""
    try:
        with connect(app_database()) as connection:
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            ).fetchone()
    except Misconfigured:
        return {}
    return dict(part.split("=", 1) for part in (row[0] if row and row[0] else "").split() if "=" in part)


def write_marks(**marks: str) -> None:
    """Note something where it goes with the database: a dump or a reset takes it along."""
    with connect(owner_database()) as owner:
        put_marks(owner, **{**read_marks(), **marks})


def put_marks(owner: psycopg.Connection[Any], **marks: str) -> None:
    """These and no others, in the database of this connection."""
    text = " ".join(f"{key}={value}" for key, value in sorted(marks.items()))
    name = sql.Identifier(owner.info.dbname)
    owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(text)))
