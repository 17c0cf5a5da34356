from __future__ import annotations

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "dayward.chart.measures"
    label = "measures"

    def ready(self) -> None:
        from django.core import checks

        from dayward.chart.measures import facts, panels
        from dayward.chart.measures.checks import check_library
        from dayward.kernel.database import append_only_tables
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as facts_registry
        from dayward.kernel.panels import chart_panels

        checks.register(check_library)
        append_only_tables("measures_answer", "measures_score")
        facts_registry.register("measure", facts.facts)
        for kind in facts.KINDS:
            doings.register(kind, facts.doing)
        chart_panels.register("measures", panels.PANEL)
