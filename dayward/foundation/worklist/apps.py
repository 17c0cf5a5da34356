from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorklistConfig(AppConfig):
    name = "dayward.foundation.worklist"
    label = "worklist"

    def ready(self) -> None:
        from dayward.foundation.worklist import panels, permissions
        from dayward.ui.navigation import NavItem, register

        panels.register()
        register(NavItem("due", _("Due"), "worklist:mine", "checklist", permissions.SEE, 15))
