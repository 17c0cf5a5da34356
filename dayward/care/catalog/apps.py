from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "dayward.care.catalog"
    label = "catalog"

    def ready(self) -> None:
        from dayward.care.catalog import checks, permissions  # noqa: F401 - declared by import
        from dayward.care.catalog.facts import closed_days, programs
        from dayward.care.catalog.services import load_library
        from dayward.kernel import facts
        from dayward.kernel.setup import Step, after_migrate
        from dayward.ui.navigation import NavItem, register

        facts.closed_days.register("catalog", closed_days)
        facts.programs.register("catalog", programs)
        after_migrate.register("catalog.library", Step("loading the kinds of services", load_library))
        register(NavItem("programs", _("Programs"), "catalog:programs", "list-details", permissions.SEE, 80))
