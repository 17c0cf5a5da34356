from __future__ import annotations

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "dayward.chart.safety"
    label = "safety"

    def ready(self) -> None:
        from django.core import checks

        from dayward.chart.safety import facts, panels, queries
        from dayward.chart.safety.checks import check_qualifications
        from dayward.kernel.evidence import providers
        from dayward.kernel.facts import facts as facts_providers
        from dayward.kernel.panels import chart_header, chart_panels

        checks.register(check_qualifications)
        providers.register("safety.risk_statement_signed", queries.statement_signed)
        providers.register("safety.plan_if_positive", queries.plan_if_positive)
        facts_providers.register("safety", facts.plans)
        chart_header.register("safety", panels.HEADER)
        chart_panels.register("safety", panels.PANEL)
