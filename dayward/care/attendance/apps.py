from __future__ import annotations

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "dayward.care.attendance"
    label = "attendance"

    def ready(self) -> None:
        from dayward.care.attendance import permissions  # noqa: F401
