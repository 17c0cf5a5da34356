from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "dayward.doors.portal"
    label = "portal"

    def ready(self) -> None:
        from dayward.ui import navigation
        from dayward.ui.navigation import Area, NavItem

        navigation.register(
            NavItem("my-week", _("My week"), "portal:home", "calendar", order=10, area=Area.PORTAL)
        )
        navigation.register(
            NavItem("my-forms", _("My forms"), "portal:packet", "file-text", order=20, area=Area.PORTAL)
        )
