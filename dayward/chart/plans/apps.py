from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "dayward.chart.plans"
    label = "plans"

    def ready(self) -> None:
        from django.core import checks

        from dayward.care.attendance.registries import made_up_alone
        from dayward.chart.plans import facts, panels
        from dayward.chart.plans.checks import check_library
        from dayward.chart.plans.queries import evidence, plans
        from dayward.kernel.database import append_only_tables
        from dayward.kernel.evidence import providers
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as known_facts
        from dayward.kernel.panels import chart_panels

        checks.register(check_library)
        append_only_tables("plans_plansignature")
        providers.register("plan.signed", evidence.plan_signed)
        providers.register("review.recorded", evidence.review_recorded)
        providers.register("step_down.criteria_met", evidence.step_down_criteria_met)
        made_up_alone.register("plans", plans.made_up_alone)
        known_facts.register("plan", facts.facts_of)
        doings.register("plan.written", facts.write_plan)
        doings.register("plan.signed", facts.sign_plan)
        doings.register("plan.reviewed", facts.review_plan)
        chart_panels.register("plan", panels.PANEL)
