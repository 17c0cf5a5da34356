from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _

# Pages of the clinic, not of a person
TEXTS = ("texts", "text_versions", "write_text", "text_people", "text")


class ConsentConfig(AppConfig):
    name = "dayward.foundation.consent"
    label = "consent"

    def ready(self) -> None:
        from dayward.foundation.consent import checks, declared, evidence, facts, permissions
        from dayward.foundation.consent.views.panel import panel_context
        from dayward.foundation.organization.declared import groups
        from dayward.kernel import facts as standards
        from dayward.kernel.database import append_only_tables
        from dayward.kernel.panels import Panel, chart_header, chart_panels
        from dayward.ui.navigation import under

        del checks  # imported to be registered
        evidence.register()
        standards.facts.register(facts.WORD, facts.anew)
        standards.doings.register("consent.signed_anew", facts.sign)
        groups.register("consent", declared.GROUP)
        append_only_tables("consent_disclosure")
        for link in ("setup", "rules", "people"):
            under(link, *(f"consent:{page}" for page in TEXTS))
        read = permissions.READ
        panel = Panel(
            "consents", _("Consents"), "consent/panel.html", panel_context, read, 800, "consent:list"
        )
        chart_panels.register("consents", panel)
        state = Panel(
            "consents", _("Consents"), "consent/header.html", panel_context, read, 30, "consent:list"
        )
        chart_header.register("consents", state)
