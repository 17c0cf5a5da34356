"""The only writer of this package's tables."""

from __future__ import annotations

from dayward.foundation.standards.services.refreshing import (
    KEEPER,
    LOCK,
    Drift,
    keep_up,
    refresh,
    refresh_all,
    refresh_waiting,
)

__all__ = ["KEEPER", "LOCK", "Drift", "keep_up", "refresh", "refresh_all", "refresh_waiting"]
