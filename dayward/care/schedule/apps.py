from __future__ import annotations

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "dayward.care.schedule"
    label = "schedule"

    def ready(self) -> None:
        from dayward.care.schedule import permissions  # noqa: F401
