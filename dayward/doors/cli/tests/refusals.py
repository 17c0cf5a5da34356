"""What a command says when it refuses."""

from __future__ import annotations

from collections.abc import Callable

from dayward.kernel.errors import Misconfigured


def refusal_of(act: Callable[[], object]) -> str:
    """Why it is not done; nothing where it is."""
    try:
        act()
    except Misconfigured as refusal:
        return str(refusal)
    return ""
