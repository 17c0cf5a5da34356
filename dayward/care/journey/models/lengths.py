"""Lengths of columns that several tables share."""

from __future__ import annotations

ACTOR_LENGTH = 40
STATE_LENGTH = 30
