from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "dayward.chart.assessments"
    label = "assessments"

    def ready(self) -> None:
        from django.core import checks

        from dayward.chart.assessments import facts, handlers, panels, queries
        from dayward.chart.assessments.checks import check_library
        from dayward.chart.safety.events import SafetySigned
        from dayward.kernel.events import subscribe
        from dayward.kernel.evidence import providers
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as facts_providers
        from dayward.kernel.panels import chart_header, chart_panels

        checks.register(check_library)
        subscribe(SafetySigned, handlers.safety_signed)
        providers.register("assessment.biopsychosocial_signed", queries.biopsychosocial_signed)
        providers.register("assessment.diagnosis_qualified", queries.diagnosis_qualified)
        providers.register("level.recommended", queries.level_recommended)
        providers.register("level.difference_explained", queries.difference_explained)
        providers.register("level.is_this_program", queries.is_this_program)
        facts_providers.register("assessment", facts.provide)
        doings.register("assessment.signed", facts.write)
        chart_header.register("allergies", panels.ALLERGIES)
        chart_panels.register("assessment", panels.ASSESSMENT)
        chart_panels.register("level", panels.LEVEL)
