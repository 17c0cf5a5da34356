from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "dayward.doors.staff"
    label = "staff"

    def ready(self) -> None:
        from dayward.doors.staff import marks, oversight, permissions
        from dayward.foundation.people.permissions import FIND
        from dayward.ui.navigation import NavItem, register, under

        assert permissions.OPEN.key  # declared by being imported
        oversight.register()
        marks.register()
        register(NavItem("today", _("Today"), "staff:today", "sun", order=10))
        register(NavItem("people", _("People"), "staff:search", "users", permission=FIND, order=30))
        under("people", "people:register")
        for link in ("setup", "rules", "today"):
            under(link, "staff:library", "measures:instrument", "notes:template")
        under("today", "staff:census", "staff:palette", "safety:alerts", "access:my_people")
