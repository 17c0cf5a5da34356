from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "dayward.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        from dayward.foundation.audit import permissions  # noqa: F401 - declared by import
