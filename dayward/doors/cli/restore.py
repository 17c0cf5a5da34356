"""Restore a backup into an empty place, and check it there. Nothing that exists is ever overwritten.

The file is first read to its end: a damaged file or another key changes nothing. The place is a folder that holds no
data yet (the embedded PostgreSQL), or the address of an empty database.

    dayward restore clinic.backup --look
    dayward restore clinic.backup --into /srv/dayward/var
    dayward restore clinic.backup --into postgresql://owner:password@host:5432/clinic --key backup-key
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dayward import __file__ as package_file
from dayward import __version__
from dayward.doors.cli._place import emptied, empty_folder, is_address, refuse_tables
from dayward.doors.cli._progress import say, step
from dayward.doors.cli.main import set_up_django
from dayward.foundation.operations.backup import Manifest, difference, load, verify_backup
from dayward.foundation.operations.sealing import key_in
from dayward.kernel.database import (
    ROLE_VARIABLE,
    connect,
    ensure_database,
    is_embedded,
    owner_database,
    running,
    write_marks,
)
from dayward.kernel.errors import Misconfigured, Refused
from dayward.kernel.local import var_folder, write_once

KEY_VARIABLE = "DAYWARD_BACKUP_KEY"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--into", metavar="PLACE", help="an empty folder, or postgresql://… of an empty database"
    )
    what.add_argument(
        "--look", action="store_true", help="only read the file to its end and say what it holds"
    )
    parser.add_argument(
        "--key", type=Path, help=f"file of the key; else {KEY_VARIABLE}, else backup-key in var"
    )


def run(options: Namespace) -> int:
    key = key_in(options.key or Path(os.environ.get(KEY_VARIABLE) or var_folder() / "backup-key"))
    with step("reading the file to its end"):
        manifest = verify_backup(options.file, key)
    describe(manifest)
    if options.look:
        return 0
    refuse_newer(manifest)
    choose_place(options.into)
    with emptied_on_failure(), running():
        with step("loading it"):
            prepare(manifest)
            load(options.file, key)
        refuse_difference(manifest)
        keep_secret(manifest)
        finish(manifest)
    return check()


def describe(manifest: Manifest) -> None:
    say(f"Made {manifest.made_at} by Dayward {manifest.version} of the database {manifest.database}:")
    say(f"{manifest.total} rows in {len(manifest.rows)} tables, {len(manifest.migrations)} migrations.")
    for chain, (position, digest) in sorted(manifest.heads.items()):
        say(f"Audit chain {chain} ends at {position} with {digest[:16]}.")


def refuse_newer(manifest: Manifest) -> None:
    """A backup of older code is brought up to date; one of newer code is not understood."""
    package = Path(package_file).parent
    known = {f"{path.parent.parent.name}.{path.stem}" for path in package.glob("*/*/migrations/[0-9]*.py")}
    apps = {path.parent.name for path in package.glob("*/*/migrations")}
    unknown = [name for name in manifest.migrations if name.split(".")[0] in apps and name not in known]
    if unknown:
        raise Refused(
            f"The backup was made by a newer Dayward ({manifest.version}; this is {__version__}) and holds "
            f"{len(unknown)} changes this one does not know, such as {unknown[0]}. Restore it with that version."
        )


# -- the place -------------------------------------------------------------------------------------------------------


def choose_place(into: str) -> None:
    """From here on the settings are those of the new place; refused when anything is in it."""
    os.environ[ROLE_VARIABLE] = "owner"
    if is_address(into):
        os.environ["DATABASE_URL"] = into
        os.environ.pop("DATABASE_APP_URL", None)
        refuse_tables(owner_database())
        return
    folder = empty_folder(into)
    for name in ("DATABASE_URL", "DATABASE_APP_URL"):
        os.environ.pop(name, None)
    os.environ["DAYWARD_VAR"] = str(folder)


@contextmanager
def emptied_on_failure() -> Iterator[None]:
    """The embedded database is thrown away again; a real one has rolled everything back by itself."""
    try:
        yield
    except BaseException:
        if is_embedded():
            emptied(var_folder())
        raise


def prepare(manifest: Manifest) -> None:
    ensure_database()
    with connect(owner_database()) as owner:
        ours = owner.info.server_version // 10000
    if ours < manifest.server // 10000:
        raise Misconfigured(
            f"The backup is of PostgreSQL {manifest.server // 10000}, and this server is older ({ours})."
        )


def refuse_difference(manifest: Manifest) -> None:
    found = difference(manifest)
    if found:
        raise Refused(f"What was loaded is not what was backed up ({found[0]}); do not use this place.")


def keep_secret(manifest: Manifest) -> None:
    """The secret key goes with the data, unless this machine has one."""
    place = var_folder() / "secret-key"
    if not manifest.secret_key or os.environ.get("DAYWARD_SECRET_KEY"):
        return
    if place.exists():
        say(f"{place} is kept: links that were sent out before the restore do not work any more.")
    else:
        write_once(place, manifest.secret_key + "\n")


def finish(manifest: Manifest) -> None:
    """Up to date, with the server's rights and a line in the audit trail."""
    write_marks(**{name: value for name, value in manifest.marks.items() if name != "schema"})
    set_up_django()
    migrate: Callable[[Namespace], int] = importlib.import_module("dayward.doors.cli.migrate").run
    migrate(Namespace(force=True))
    importlib.import_module("dayward.foundation.operations.services").note_restore(
        made_at=manifest.made_at, entries=manifest.rows.get("audit_entry", 0)
    )


def check() -> int:
    """As the server's role, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != ROLE_VARIABLE}
    say("Restored. Checking it:")
    return subprocess.run(
        [sys.executable, "-m", "dayward.doors.cli.main", "check"], env=environment, check=False
    ).returncode
