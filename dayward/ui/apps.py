from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "dayward.ui"
    label = "ui"

    def ready(self) -> None:
        from dayward.ui import checks  # noqa: F401
