"""Back the whole database up into one encrypted file: every table, documents too, as they are at one moment.

Into a folder, each backup gets a name of its own and the oldest are removed. The file can be read only with the key:
keep a copy of the key away from this machine. Restore with `dayward restore`.

    dayward backup /backups
    dayward backup /backups --keep 30
    dayward backup before-the-move.backup
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dayward.doors.cli._progress import say, step
from dayward.foundation.operations import services
from dayward.foundation.operations.backup import SUFFIX, Manifest, write_backup
from dayward.foundation.operations.sealing import key_in, key_name, make_key
from dayward.kernel.local import var_folder

KEY_VARIABLE = "DAYWARD_BACKUP_KEY"
KEPT = 14
PREFIX = "dayward-"
STAMP = "%Y%m%dT%H%M%SZ"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("place", type=Path, help=f"a folder, or a new file whose name ends in {SUFFIX}")
    parser.add_argument(
        "--key", type=Path, help=f"file of the key; else {KEY_VARIABLE}, else backup-key in var"
    )
    parser.add_argument(
        "--keep", type=at_least_one, default=KEPT, help=f"how many stay in a folder, default {KEPT}"
    )


def at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("one or more")
    return int(text)


def run(options: Namespace) -> int:
    place = file_for(options.place)
    key_place = the_key_place(options.key)
    if make_key(key_place):
        say(f"A key was made: {key_place}. Copy it to a safe place away from this machine now:")
        say("without it no backup can be restored.")
    key = key_in(key_place)
    with step("writing and reading it back"):
        made = write_backup(place, key)
    services.note_backup(size=place.stat().st_size, entries=made.rows.get("audit_entry", 0))
    tell(place, made, key)
    if options.place != place:
        remove_old(options.place, options.keep)
    return 0


def the_key_place(given: Path | None) -> Path:
    return given or Path(os.environ.get(KEY_VARIABLE) or var_folder() / "backup-key")


def file_for(place: Path) -> Path:
    if place.suffix == SUFFIX and not place.is_dir():
        return place
    return place / f"{PREFIX}{datetime.now(UTC).strftime(STAMP)}{SUFFIX}"


def tell(place: Path, made: Manifest, key: bytes) -> None:
    size = place.stat().st_size / 1_000_000
    say(f"{place}: {size:.1f} MB, {made.total} rows, sealed with the key {key_name(key)}.")
    say(f"Documents: {made.rows.get('documents_file', 0)}. Audit entries: {made.rows.get('audit_entry', 0)}.")
    for chain, (position, digest) in sorted(made.heads.items()):
        say(f"Audit chain {chain} ends at {position} with {digest[:16]}.")


def remove_old(folder: Path, keep: int) -> None:
    """Only files that have the name this command gives, and what is left of one that was killed over a day ago."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    for path in folder.glob(f".{PREFIX}*{SUFFIX}.*"):
        if path.stat().st_mtime < yesterday:
            path.unlink()
    found = sorted(path for path in folder.glob(f"{PREFIX}*{SUFFIX}") if is_ours(path))
    for path in found[:-keep]:
        path.unlink()
        say(f"Removed {path.name}: {keep} are kept.")


def is_ours(path: Path) -> bool:
    try:
        datetime.strptime(path.name, f"{PREFIX}{STAMP}{SUFFIX}").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
