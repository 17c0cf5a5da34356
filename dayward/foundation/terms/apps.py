from __future__ import annotations

from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "dayward.foundation.terms"
    label = "terms"

    def ready(self) -> None:
        from dayward.foundation.terms import services
        from dayward.kernel.database import read_only_tables
        from dayward.kernel.setup import Step, after_migrate

        read_only_tables("terms_icdcode", "terms_icdword")  # set-up loads them, as the owner
        after_migrate.register("terms.icd", Step("loading ICD-10-CM", services.load_icd))
