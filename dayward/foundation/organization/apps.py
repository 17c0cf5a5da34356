from __future__ import annotations

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "dayward.foundation.organization"
    label = "organization"

    def ready(self) -> None:
        from dayward.foundation.organization import permissions  # noqa: F401 - declared by import
