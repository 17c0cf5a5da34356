"""What must happen in the database after every migration: each package registers its step in its `apps.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dayward.kernel.registry import Registry


@dataclass(frozen=True)
class Step:
    """A step that may be repeated: it looks whether there is anything to do. It runs as the owner's role."""

    label: str
    act: Callable[[], object]


after_migrate: Registry[Step] = Registry("steps after migration")
