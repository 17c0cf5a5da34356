from __future__ import annotations

from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "dayward.foundation.terms"
    label = "terms"

    def ready(self) -> None:
        from dayward.foundation.terms import services
        from dayward.kernel.setup import Step, after_migrate

        after_migrate.register("terms.icd", Step("loading ICD-10-CM", services.load_icd))
