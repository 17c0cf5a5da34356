from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class WorklistConfig(AppConfig):
    name = "dayward.foundation.worklist"
    label = "worklist"

    def ready(self) -> None:
        from dayward.foundation.standards.services.refreshing import KEEPER
        from dayward.foundation.worklist import panels, permissions
        from dayward.foundation.worklist.recounts import Recount, dues_differed, recounts
        from dayward.ui.navigation import NavItem, register

        panels.register()
        recounts.register("dues", Recount(gettext_noop("What is due"), KEEPER.id, dues_differed))
        register(NavItem("due", _("Due"), "worklist:mine", "checklist", permissions.SEE, 15))
