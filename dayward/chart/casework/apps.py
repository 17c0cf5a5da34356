from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "dayward.chart.casework"
    label = "casework"

    def ready(self) -> None:
        from dayward.chart.casework import permissions

        assert permissions.READ
