from __future__ import annotations

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "dayward.care.catalog"
    label = "catalog"

    def ready(self) -> None:
        from dayward.care.catalog import permissions  # noqa: F401
