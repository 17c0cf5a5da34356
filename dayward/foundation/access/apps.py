from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "dayward.foundation.access"
    label = "access"

    def ready(self) -> None:
        from dayward.foundation.access import checks, handlers, permissions  # noqa: F401 - declared by import
        from dayward.foundation.access.guard import guard
        from dayward.kernel.database import erasable_tables
        from dayward.kernel.permissions import register_guard
        from dayward.ui import navigation

        register_guard(guard)
        erasable_tables("access_cache")
        navigation.register(
            navigation.NavItem(
                "security", _("Sign-in and security"), "mfa_index", "shield-lock", area=navigation.Area.USER
            )
        )
