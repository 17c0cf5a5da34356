"""What this package asks of packages above it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from dayward.kernel.registry import Registry


class NotesProgress(Protocol):
    """How far the notes of a session are."""

    @property
    def there(self) -> int: ...

    @property
    def signed(self) -> int: ...


Documented = Callable[[Collection[int]], Mapping[int, NotesProgress]]

# By session (primary keys): of how many who were there a note is signed. `chart.notes` answers.
documented: Registry[Documented] = Registry("documented sessions")


def notes_of_sessions(session_ids: Collection[int]) -> dict[int, NotesProgress]:
    """The progress of sessions in which somebody is to have a note."""
    found: dict[int, NotesProgress] = {}
    for known in documented.values():
        found.update(known(session_ids))
    return found
