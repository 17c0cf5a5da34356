from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "dayward.foundation.access"
    label = "access"

    def ready(self) -> None:
        from dayward.foundation.access import checks, permissions  # noqa: F401 - declared by import
        from dayward.foundation.access.guard import guard
        from dayward.kernel.permissions import register_guard

        register_guard(guard)
