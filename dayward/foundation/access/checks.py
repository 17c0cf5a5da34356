from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from dayward.foundation.access.roles import ROLES
from dayward.kernel.permissions import permissions


@register
def roles_name_known_permissions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A role may only name permissions that a package declares."""
    unknown = sorted({key for role in ROLES.values() for key in role.permissions if key not in permissions})
    if not unknown:
        return []
    return [Error(f"Roles name permissions that no package declares: {unknown}", id="access.E001")]
