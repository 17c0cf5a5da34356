from __future__ import annotations

from django.apps import AppConfig


class MedicationsConfig(AppConfig):
    name = "dayward.chart.medications"
    label = "medications"

    def ready(self) -> None:
        from dayward.chart.medications import facts, panels
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as providers

        panels.register()
        providers.register("medication", facts.provide)
        doings.register("medication.looked", panels.to_the_visit)
        doings.register("medication.reconciled", panels.to_reconcile)
