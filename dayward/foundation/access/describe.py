"""Roles and permissions as Markdown, for `docs/access.md`; a test keeps the two the same."""

from __future__ import annotations

from dayward.foundation.access.roles import ROLES
from dayward.kernel.permissions import permissions

BEGIN, END = "<!-- made from roles.py: begin -->", "<!-- made from roles.py: end -->"


def roles_markdown() -> str:
    """Each role with its sentence, then every permission with the roles that have it."""
    lines = ["| Role | What it is for | Charts |", "|---|---|---|"]
    lines += [f"| {role.name} | {role.sentence} | {_charts(role.key)} |" for role in ROLES.values()]
    lines += ["", "| Permission | What it allows | Roles |", "|---|---|---|"]
    lines += [
        f"| `{key}` | {word.sentence.rstrip('.')} | {_holders(key)} |" for key, word in sorted(permissions)
    ]
    return "\n".join(lines)


def _charts(key: str) -> str:
    role = ROLES[key]
    if "people.read" not in role.permissions:
        return "none"
    return "every chart" if role.role_wide_charts else "own"


def _holders(key: str) -> str:
    return ", ".join(role.name for role in ROLES.values() if key in role.permissions)
