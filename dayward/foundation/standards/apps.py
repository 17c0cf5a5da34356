from __future__ import annotations

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "dayward.foundation.standards"
    label = "standards"

    def ready(self) -> None:
        from django.core import checks

        from dayward.foundation.standards import handlers
        from dayward.foundation.standards.checks import check_packs
        from dayward.kernel.events import subscribe
        from dayward.kernel.facts import FactsChanged

        checks.register(check_packs)
        subscribe(FactsChanged, handlers.facts_changed)
