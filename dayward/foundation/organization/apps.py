from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    name = "dayward.foundation.organization"
    label = "organization"

    def ready(self) -> None:
        from dayward.foundation.organization.permissions import SETUP
        from dayward.kernel import timestamps  # noqa: F401 - from the first connection on
        from dayward.ui.navigation import NavItem, register

        register(NavItem("setup", _("Set up"), "staff:setup", "settings", permission=SETUP, order=90))
