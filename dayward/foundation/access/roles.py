"""Roles and what each may, as code with a sentence each (screens.md, "Staff").

A role says what one may open; a credential says what one may sign.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role: its words, the permissions it has, and whether it opens charts without a care team."""

    key: str
    name: str
    sentence: str
    permissions: frozenset[str]
    role_wide_charts: bool = False  # a role-wide duty (compliance, utilization review …)
    home: str = "staff:today"  # url name of the first screen
