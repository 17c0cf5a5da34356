from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class ReferralsConfig(AppConfig):
    name = "dayward.care.referrals"
    label = "referrals"

    def ready(self) -> None:
        from dayward.care.referrals.permissions import IMPORT
        from dayward.care.referrals.views import chart_panel, today_panel
        from dayward.foundation.documents.permissions import READ
        from dayward.kernel.panels import Panel, chart_panels, pipeline_panels, today_panels
        from dayward.ui import navigation

        title = gettext_noop("Referrals")
        chart_panels.register(
            "referrals", Panel("referrals", title, "referrals/chart_panel.html", chart_panel, READ, 800)
        )
        waiting = gettext_noop("Referrals to look at")
        panel = Panel(
            "referrals", waiting, "referrals/today_panel.html", today_panel, IMPORT, 30, "referrals:index"
        )
        today_panels.register("referrals", panel)
        pipeline_panels.register("referrals", panel)
        navigation.register(
            navigation.NavItem(
                "referrals", _("Referrals"), "referrals:index", "file-import", permission=IMPORT, order=25
            )
        )
