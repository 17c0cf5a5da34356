"""Bring a running clinic to this version: back everything up, migrate, and say how to go back.

dayward upgrade --backups /backups
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from dayward import __version__
from dayward.doors.cli import backup, migrate
from dayward.doors.cli._progress import say
from dayward.doors.cli._schema import refuse_newer_database, standing
from dayward.kernel.database import is_embedded
from dayward.kernel.local import var_folder


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--backups", type=Path, help="folder for the backup, default backups in var")
    parser.add_argument(
        "--key", type=Path, help=f"file of the key; else {backup.KEY_VARIABLE}, else backup-key in var"
    )


def run(options: Namespace) -> int:
    refuse_newer_database()
    found = standing()
    if found.is_up_to_date:
        say(f"The database is up to date with Dayward {__version__}; nothing was done.")
        return 0
    say("These changes to the tables will be made:" if found.missing else "No table changes; set-up does.")
    for name in found.missing:
        say(f"  {name}")
    kept = backup.file_for(options.backups or var_folder() / "backups")
    backup.run(Namespace(place=kept, key=options.key, keep=backup.KEPT))
    try:
        migrate.run(Namespace(force=True))
    except Exception:
        say(
            "Not all changes were made. Nothing was lost: each was made wholly or not at all, and what was made stays."
        )
        say("Run `dayward upgrade` once more when what stopped it is gone.")
        tell_the_way_back(kept)
        raise
    say(f"The clinic is on Dayward {__version__}. Start `dayward serve` and `dayward worker` again.")
    tell_the_way_back(kept)
    return 0


def tell_the_way_back(kept: Path) -> None:
    place = "an empty folder" if is_embedded() else "the address of an empty database"
    say(
        "To go back: put the version before this one back and start it; it works on the tables as they are now."
    )
    say("Only if data were spoiled, with the version before this one:")
    say(f"  dayward restore {kept} --into PLACE")
    say(f"where PLACE is {place}. What was written since the backup is then not there.")
