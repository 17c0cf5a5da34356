from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "dayward.foundation.operations"
    label = "operations"

    def ready(self) -> None:
        from dayward.foundation.operations import panels, permissions
        from dayward.ui.navigation import NavItem, register

        panels.register()
        register(
            NavItem(
                "running", _("Installation"), "operations:running", "heartbeat", permissions.SEE, order=95
            )
        )
