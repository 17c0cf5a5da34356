"""What this package asks of packages above it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from dayward.kernel.registry import Registry

SessionsKnown = Callable[[Collection[int]], set[int]]

# Which of these sessions (primary keys) have attendance: they never move. `attendance` answers.
attended: Registry[SessionsKnown] = Registry("attended sessions")


def attended_among(session_ids: Collection[int]) -> set[int]:
    """The sessions somebody was at."""
    found: set[int] = set()
    for known in attended.values():
        found |= known(session_ids)
    return found
