from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class CoverageConfig(AppConfig):
    name = "dayward.revenue.coverage"
    label = "coverage"

    def ready(self) -> None:
        from dayward.care.referrals.events import ReferralAccepted, ReferralTakenBack
        from dayward.kernel.events import subscribe
        from dayward.kernel.facts import payers
        from dayward.kernel.panels import Panel, chart_panels
        from dayward.revenue.coverage import evidence, facts, handlers
        from dayward.revenue.coverage.permissions import READ
        from dayward.revenue.coverage.views import panel_context

        evidence.register()
        payers.register("coverage", facts.payers)
        subscribe(ReferralAccepted, handlers.referral_accepted)
        subscribe(ReferralTakenBack, handlers.referral_taken_back)
        panel = Panel(
            "coverage", _("Coverage"), "coverage/panel.html", panel_context, READ, 700, "coverage:list"
        )
        chart_panels.register("coverage", panel)
