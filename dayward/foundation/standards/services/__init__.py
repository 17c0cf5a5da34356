"""The only writer of this package's tables."""

from __future__ import annotations

from dayward.foundation.standards.services.auditing import audit_charts
from dayward.foundation.standards.services.packs import draft_use, end_use, set_use
from dayward.foundation.standards.services.policy import draft_rule, end_rule, set_rule
from dayward.foundation.standards.services.refreshing import (
    KEEPER,
    LOCK,
    Drift,
    keep_up,
    refresh,
    refresh_all,
    refresh_waiting,
)

__all__ = [
    "KEEPER",
    "LOCK",
    "Drift",
    "audit_charts",
    "draft_rule",
    "draft_use",
    "end_rule",
    "end_use",
    "keep_up",
    "refresh",
    "refresh_all",
    "refresh_waiting",
    "set_rule",
    "set_use",
]
