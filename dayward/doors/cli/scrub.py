"""Make a copy of the database for developers, in which nobody is real.

Every field follows the privacy its package declares: names and texts are made up, days move by whole weeks, each
person's by another number, keys and passwords are left out, and so is the audit trail. The copy is still of real
courses of treatment: give it only to people who are bound to silence.

    dayward scrub --into /srv/copy
    dayward scrub --into postgresql://owner:password@localhost:5432/copy
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from dayward.doors.cli._place import emptied, empty_folder, is_address, refuse_tables
from dayward.doors.cli._progress import detail, step
from dayward.foundation.operations.scrub.copying import copy_scrubbed
from dayward.kernel.database import (
    EMBEDDED_DATABASE,
    ROLE_VARIABLE,
    connect,
    create_embedded,
    embedded_database,
    owner_database,
    put_marks,
    settings_of,
)
from dayward.kernel.postgres import OWNER, Cluster


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--into",
        metavar="PLACE",
        required=True,
        help="an empty folder, or postgresql://… of an empty database",
    )


def run(options: Namespace) -> int:
    with the_place(options.into) as (target, environment):
        with step("copying, with nobody in it"):
            copy_scrubbed(owner_database(), target, detail)
        with connect(target) as new:
            put_marks(new, scrubbed=datetime.now(UTC).date().isoformat())
        for command in (["migrate", "--force"], ["check"]):
            done = subprocess.run(
                [sys.executable, "-m", "dayward.doors.cli.main", *command], env=environment, check=False
            )
            if done.returncode:
                return done.returncode
    return 0


@contextmanager
def the_place(into: str) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Where the copy goes, and the environment of programs that work on it."""
    mine = ("DATABASE_URL", "DATABASE_APP_URL", "DAYWARD_SECRET_KEY", ROLE_VARIABLE)
    environment = {name: value for name, value in os.environ.items() if name not in mine}
    if is_address(into):
        target = settings_of(into)
        refuse_tables(target)
        yield target, {**environment, "DATABASE_URL": into}
        return
    folder = empty_folder(into)
    cluster = Cluster(folder / "pg")
    try:
        with cluster.in_use():
            create_embedded(cluster, EMBEDDED_DATABASE)
            yield (
                embedded_database(cluster, OWNER, EMBEDDED_DATABASE),
                {**environment, "DAYWARD_VAR": str(folder)},
            )
    except BaseException:
        emptied(folder)
        raise
