"""What belongs to this machine alone: the folder for data that is not in the repository, and the secret key."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def var_folder() -> Path:
    """DAYWARD_VAR, or `var` in the checkout; made when it is missing."""
    folder = Path(os.environ.get("DAYWARD_VAR") or CHECKOUT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def secret_key() -> str:
    """DAYWARD_SECRET_KEY, or a key made once for this folder and readable by its owner only."""
    given = os.environ.get("DAYWARD_SECRET_KEY")
    return given or _kept_key(var_folder() / "secret-key")


def _kept_key(place: Path) -> str:
    if not place.exists():
        write_once(place, secrets.token_urlsafe(48))
    return place.read_text(encoding="ascii").strip()


def write_once(place: Path, text: str) -> None:
    """Written whole or not at all, and never twice: two starts at once end with one key."""
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
