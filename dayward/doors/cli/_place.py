"""The empty place a restore or a copy goes into: a folder for the embedded PostgreSQL, or the address of a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dayward.kernel.database import connect
from dayward.kernel.errors import Refused
from dayward.kernel.postgres import Cluster


def is_address(into: str) -> bool:
    return into.startswith(("postgres://", "postgresql://"))


def empty_folder(into: str) -> Path:
    if "://" in into:
        raise Refused("--into takes a folder, or an address that begins with postgresql://.")
    folder = Path(into).absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; an empty place is needed, so that nothing is overwritten.")
    return folder


def refuse_tables(settings: dict[str, Any]) -> None:
    with connect(settings) as owner:
        row = owner.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
        ).fetchone()
    if row != (0,):
        raise Refused("The database is not empty; an empty place is needed, so that nothing is overwritten.")


def emptied(folder: Path) -> None:
    """Of what went wrong nothing stays, locks and a secret key neither: the next try finds the place empty again."""
    Cluster(folder / "pg").destroy()
    for path in folder.iterdir():
        path.unlink()
