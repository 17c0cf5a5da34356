from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class CoverageConfig(AppConfig):
    name = "dayward.revenue.coverage"
    label = "coverage"

    def ready(self) -> None:
        from dayward.care.attendance.registries import floors
        from dayward.care.referrals.events import ReferralAccepted, ReferralTakenBack
        from dayward.kernel.events import subscribe
        from dayward.kernel.facts import payers
        from dayward.kernel.panels import Panel, chart_panels
        from dayward.revenue.coverage import checks, evidence, facts, handlers, weeks  # noqa: F401 - declares checks
        from dayward.revenue.coverage.permissions import PAYERS, READ
        from dayward.revenue.coverage.views.people import panel_context
        from dayward.ui.navigation import NavItem, register

        evidence.register()
        floors.register("payers", weeks.PayersFloors())
        payers.register("coverage", facts.payers)
        subscribe(ReferralAccepted, handlers.referral_accepted)
        subscribe(ReferralTakenBack, handlers.referral_taken_back)
        panel = Panel(
            "coverage", _("Coverage"), "coverage/panel.html", panel_context, READ, 700, "coverage:list"
        )
        chart_panels.register("coverage", panel)
        register(NavItem("payers", gettext_lazy("Payers"), "coverage:payers", "credit-card", PAYERS, 82))
