from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "dayward.doors.portal"
    label = "portal"

    def ready(self) -> None:
        from dayward.doors.portal.stages import Stage, within
        from dayward.ui.navigation import Area, NavItem, register

        before, care = (Stage.GUEST, Stage.COMING), (Stage.IN_CARE,)
        links = (
            ("my-week", _("My week"), "portal:home", "calendar", (*before, *care)),
            ("my-after", _("After treatment"), "portal:home", "home-heart", (Stage.AFTER,)),
            ("my-questions", _("Questions"), "portal:questions", "clipboard-list", (Stage.COMING, *care)),
            ("my-plan", _("My plan"), "portal:plan", "target", care),
            ("my-progress", _("Progress"), "portal:progress", "chart-line", care),
            ("my-forms", _("My forms"), "portal:packet", "file-text", (*before, Stage.AFTER)),
            ("my-letters", _("Letters"), "portal:letters", "mail", (Stage.AFTER,)),
            ("my-more", _("More"), "portal:more", "dots", care),
        )
        for place, (key, label, url_name, icon, stages) in enumerate(links):
            order, when, alone = 10 * place + 10, within(*stages), url_name == "portal:home"
            register(
                NavItem(key, label, url_name, icon, order=order, area=Area.PORTAL, when=when, alone=alone)
            )
