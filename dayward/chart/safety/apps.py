from __future__ import annotations

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "dayward.chart.safety"
    label = "safety"

    def ready(self) -> None:
        from django.core import checks

        from dayward.chart.safety import facts, panels, queries
        from dayward.chart.safety.checks import check_alert_times, check_guardians, check_qualifications
        from dayward.kernel.evidence import providers
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as facts_providers
        from dayward.kernel.panels import chart_header, chart_panels

        checks.register(check_qualifications)
        checks.register(check_alert_times)
        checks.register(check_guardians)
        providers.register("safety.risk_statement_signed", queries.statement_signed)
        providers.register("safety.plan_if_positive", queries.plan_if_positive)
        facts_providers.register("safety_plan", facts.plans)
        doings.register("safety_plan.signed", facts.write_plan)
        chart_header.register("safety", panels.HEADER)
        chart_panels.register("safety", panels.PANEL)
        self._alerts()

    def _alerts(self) -> None:
        """Answers and calls raise alerts; an alert opens the chart to whom it names."""
        from django.utils.translation import gettext_lazy as _

        from dayward.care.journey.events import DangerHeard
        from dayward.chart.measures.events import MeasureAnswered, MeasureScored, MeasureWithdrawn
        from dayward.chart.measures.registries import notices
        from dayward.chart.safety import handlers
        from dayward.chart.safety.alerts import facts, panels
        from dayward.chart.safety.alerts.queries import names_in
        from dayward.foundation.access.openers import Opener, openers
        from dayward.kernel.database import append_only_tables
        from dayward.kernel.events import subscribe
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as facts_providers

        append_only_tables("safety_alertstep")
        subscribe(DangerHeard, handlers.danger_heard)
        subscribe(MeasureAnswered, handlers.measure_answered)
        subscribe(MeasureScored, handlers.measure_scored)
        subscribe(MeasureWithdrawn, handlers.measure_withdrawn)
        facts_providers.register("alert", facts.facts)
        for kind in facts.DONE:
            doings.register(kind, facts.doing)
        openers.register("alert", Opener("alert", str(_("an open alert names you")), names_in))
        notices.register("safety", panels.beside_a_questionnaire)
        panels.register_all()
