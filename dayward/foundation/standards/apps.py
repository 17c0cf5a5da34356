from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class StandardsConfig(AppConfig):
    name = "dayward.foundation.standards"
    label = "standards"

    def ready(self) -> None:
        from django.core import checks

        from dayward.foundation.access.openers import Opener
        from dayward.foundation.access.openers import openers as chart_openers
        from dayward.foundation.standards import handlers, openers, permissions
        from dayward.foundation.standards.checks import check_packs
        from dayward.foundation.standards.queries.papers import filed
        from dayward.kernel.events import subscribe
        from dayward.kernel.facts import FactsChanged, FactsChangedLater, SiteChanged, doings, facts
        from dayward.ui.navigation import NavItem, register

        checks.register(check_packs)
        register(NavItem("rules", _("Rules"), "standards:packs", "gavel", permissions.SEE, 85))
        sentence = gettext_noop("something you began with them is still yours to finish")
        chart_openers.register("owes", Opener("owes", sentence, openers.owes, opens_many=openers.owes_about))
        facts.register("document", filed)
        doings.register("document.filed:certified", openers.file_paper)
        subscribe(FactsChanged, handlers.facts_changed)
        subscribe(FactsChangedLater, handlers.facts_changed_later)
        subscribe(SiteChanged, handlers.site_changed)
