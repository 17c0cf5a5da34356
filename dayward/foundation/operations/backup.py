"""A backup: one sealed file that holds a manifest and, after it, a dump of the whole database.

Both are of one moment: `pg_dump` reads the snapshot in which the manifest was counted. Knows no Django, so that a
restore can begin where there is no database yet.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj, which
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

from dayward import __version__
from dayward.foundation.operations.sealing import Damaged, Opener, Sealer
from dayward.kernel.database import connect, owner_database, read_marks
from dayward.kernel.errors import Misconfigured, Refused
from dayward.kernel.local import secret_key
from dayward.kernel.postgres import program

FORMAT = 1
SUFFIX = ".backup"
STEP = 1024 * 1024
# Sign-ins end with a restore, and what was counted for rate limits is of no use after it.
LEFT_EMPTY = frozenset({"django_session", "access_cache"})
# Never a person's data: how long the text of the manifest may be.
LONGEST_MANIFEST = 16 * 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself. `heads` are the last link of each audit chain: position and digest."""

    version: str
    made_at: str
    database: str
    server: int
    migrations: list[str]
    rows: dict[str, int]
    heads: dict[str, list[Any]]
    marks: dict[str, str]
    secret_key: str = field(default="", repr=False)
    format: int = FORMAT

    @property
    def total(self) -> int:
        return sum(self.rows.values())


# -- making one ------------------------------------------------------------------------------------------------------


def write_backup(place: Path, key: bytes) -> Manifest:
    """Written beside its name, read back, and named only when it is whole and on the disk."""
    if place.exists():
        raise Refused(f"{place} is there already; a backup overwrites nothing.")
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _new_file(draft) as file:
            made = _dump(file, key)
            file.flush()
            os.fsync(file.fileno())
        if verify_backup(draft, key) != made:
            raise Damaged()
        draft.rename(place)
        _keep_name(place.parent)
    except OSError as problem:
        raise Refused(f"{place} could not be written: {problem.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return made


def _new_file(place: Path) -> BinaryIO:
    return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _keep_name(folder: Path) -> None:
    """A name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _dump(file: BinaryIO, key: bytes) -> Manifest:
    settings = owner_database()
    with connect(settings) as owner:
        owner.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        owner.read_only = True
        row = owner.execute("SELECT pg_export_snapshot()").fetchone()
        assert row
        made = count_up(owner)
        sealer = Sealer(file, key)
        text = json.dumps(asdict(made)).encode()
        sealer.write(len(text).to_bytes(8, "big") + text)
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={row[0]}"]
        arguments += [f"--exclude-table-data=public.{table}" for table in sorted(LEFT_EMPTY)]
        with _started("pg_dump", settings, made.server, arguments, stdout=subprocess.PIPE) as running:
            assert running.stdout
            copyfileobj(running.stdout, sealer, STEP)
        sealer.finish()
    return made


def count_up(owner: psycopg.Connection[Any]) -> Manifest:
    """The manifest of a database, in the transaction of this connection."""
    given = os.environ.get("DAYWARD_SECRET_KEY")
    return Manifest(
        version=__version__,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=owner.info.dbname,
        server=owner.info.server_version,
        migrations=[
            f"{app}.{name}"
            for app, name in owner.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        ],
        rows=row_counts(owner),
        heads=heads(owner),
        marks=read_marks(),
        # A key that is given in the environment is kept by who gives it.
        secret_key="" if given else secret_key(),
    )


def row_counts(owner: psycopg.Connection[Any]) -> dict[str, int]:
    tables = [
        name
        for (name,) in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        if name not in LEFT_EMPTY
    ]
    one = "SELECT {name}::text, count(*) FROM {table}"
    every = sql.SQL(" UNION ALL ").join(
        sql.SQL(one).format(name=sql.Literal(name), table=sql.Identifier("public", name)) for name in tables
    )
    return dict(owner.execute(every).fetchall()) if tables else {}


def heads(owner: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    rows = owner.execute(
        "SELECT DISTINCT ON (chain) chain, position, encode(digest, 'hex') FROM audit_link"
        " ORDER BY chain, position DESC"
    )
    return {str(chain): [position, digest] for chain, position, digest in rows}


# -- reading one -----------------------------------------------------------------------------------------------------


@contextmanager
def opened_backup(place: Path, key: bytes) -> Iterator[tuple[Manifest, Opener]]:
    """The manifest, and the dump still to be read."""
    try:
        with place.open("rb") as file:
            opener = Opener(file, key)
            length = int.from_bytes(opener.read_exactly(8), "big")
            if length > LONGEST_MANIFEST:
                raise Damaged()
            told = json.loads(opener.read_exactly(length))
            if told.get("format") != FORMAT:
                raise Refused("The backup was made by a newer version of Dayward; restore it with that one.")
            yield Manifest(**told), opener
    except OSError as problem:
        raise Refused(f"{place} cannot be read: {problem.strerror}.") from None


def verify_backup(place: Path, key: bytes) -> Manifest:
    """Read it to its end, without keeping anything."""
    with opened_backup(place, key) as (manifest, dump):
        while dump.read(STEP):
            pass
    return manifest


def load(place: Path, key: bytes) -> None:
    """Into the empty database of this configuration, in one transaction: all of it or nothing."""
    settings = owner_database()
    with connect(settings) as owner:
        server = owner.info.server_version
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    arguments += [f"--dbname={settings['NAME']}"]
    with (
        opened_backup(place, key) as (_manifest, dump),
        _started("pg_restore", settings, server, arguments, stdin=subprocess.PIPE) as running,
    ):
        assert running.stdin
        try:
            copyfileobj(dump, running.stdin, STEP)
            running.stdin.close()
        except BrokenPipeError:
            pass  # it has stopped; its exit code tells
        except BaseException:
            running.kill()  # a dump that ends early would be taken for a whole one
            raise


def difference(wanted: Manifest) -> list[str]:
    """In what the database of this configuration is not what the manifest says; empty when in nothing."""
    with connect(owner_database()) as owner:
        rows, chains = row_counts(owner), heads(owner)
    return [
        *(
            f"{table}: {rows.get(table, 0)} rows instead of {count}"
            for table, count in wanted.rows.items()
            if rows.get(table) != count
        ),
        *(
            f"audit chain {chain} ends elsewhere"
            for chain, end in wanted.heads.items()
            if chains.get(chain) != end
        ),
    ]


# -- PostgreSQL's programs -------------------------------------------------------------------------------------------


@contextmanager
def _started(
    name: str,
    settings: dict[str, Any],
    server: int,
    arguments: list[str],
    *,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs inside the block; afterwards it has ended well, or the block ends with a sentence."""
    with TemporaryFile() as errors:  # no pipe: nobody reads it while the other two are busy
        running = subprocess.Popen(
            [str(client(name, server)), *arguments],
            env={**os.environ, **connection_variables(settings)},
            stdin=stdin,
            stdout=stdout,
            stderr=errors,
            start_new_session=True,
        )
        with running:
            try:
                yield running
            except BaseException:
                running.kill()
                raise
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if running.returncode:
        raise Refused(f"{name} did not succeed{_harmless(said)}.")


def client(name: str, server: int) -> Path:
    """The wheel's program; for a server that is newer than the wheel the one on the PATH."""
    ours = program(name)
    if server // 10000 <= _major(ours):
        return ours
    found = which(name)
    if not found or _major(Path(found)) < server // 10000:
        raise Misconfigured(
            f"The server is PostgreSQL {server // 10000}: its {name} (or a newer one) must be on the PATH."
        )
    return Path(found)


def _major(path: Path) -> int:
    shown = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=True).stdout
    return int(shown.split()[-1].split(".")[0])


def connection_variables(settings: dict[str, Any]) -> dict[str, str]:
    """In the environment, where no list of processes shows them."""
    wanted = {
        "PGDATABASE": settings["NAME"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        **{f"PG{name.upper()}": value for name, value in settings["OPTIONS"].items()},
    }
    return {name: str(value) for name, value in wanted.items() if value}


def _harmless(said: str) -> str:
    """What a program of PostgreSQL said, up to where it could begin to show a row; a full disk by its name."""
    full = os.strerror(errno.ENOSPC)
    if full in said:
        return f": {full}"
    errors = [line for line in said.splitlines() if "ERROR:" in line or "FATAL:" in line or "error:" in line]
    words = errors[-1].rpartition("rror: ")[2] if errors else ""
    words = words.partition("ERROR: ")[2] or words
    return f": {words.split(chr(34))[0].split('(')[0].strip(' :')}" if words else ""
