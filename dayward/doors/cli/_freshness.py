"""Fingerprints that tell without Django whether set-up has anything to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dayward import __file__ as package_file
from dayward.kernel.local import CHECKOUT

PACKAGE = Path(package_file).parent


def schema_fingerprint() -> str:
    """Changes when a migration, a grant, a registered step or a library that is loaded into tables does."""
    files = [
        *PACKAGE.glob("*/*/migrations/*.py"),
        *PACKAGE.glob("*/*/apps.py"),
        *PACKAGE.glob("*/apps.py"),
        PACKAGE / "kernel" / "database.py",
        PACKAGE / "kernel" / "setup.py",
        PACKAGE / "config" / "settings.py",
    ]
    lock = CHECKOUT / "requirements" / "base.txt"
    data = [path for path in PACKAGE.glob("*/*/data/*") if path.is_file()]
    return _digest([*files, *([lock] if lock.exists() else [])], by_content=True) + _digest(
        data, by_content=False
    )


def static_fingerprint() -> str:
    """Changes when a file that browsers fetch does."""
    roots = [*PACKAGE.glob("*/static"), *PACKAGE.glob("*/*/static"), CHECKOUT / "var" / "static-parts"]
    return _digest([path for root in roots for path in root.rglob("*") if path.is_file()], by_content=False)


def _digest(files: Iterable[Path], *, by_content: bool) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        found = file.stat()
        digest.update(file.relative_to(file.anchor).as_posix().encode())
        digest.update(file.read_bytes() if by_content else f"{found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
