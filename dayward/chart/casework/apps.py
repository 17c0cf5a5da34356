from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "dayward.chart.casework"
    label = "casework"

    def ready(self) -> None:
        from dayward.chart.casework import doings as where
        from dayward.chart.casework import facts, panels
        from dayward.chart.casework.queries.summaries import packet_sent
        from dayward.kernel.evidence import providers as evidence
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as providers

        panels.register()
        evidence.register("handoff.packet_sent", packet_sent)
        providers.register("letter", facts.letters)
        providers.register("summary", facts.summaries)
        doings.register("letter.settled", where.letter)
        doings.register("summary.signed", where.summary)
