from __future__ import annotations

from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "dayward.chart.notes"
    label = "notes"

    def ready(self) -> None:
        from django.core import checks

        from dayward.care.attendance.registries import documented
        from dayward.chart.notes import doings, facts, panels, queries
        from dayward.chart.notes.checks import check_templates
        from dayward.kernel import facts as kernel_facts
        from dayward.kernel.panels import chart_panels
        from dayward.ui.navigation import under

        checks.register(check_templates)
        kernel_facts.facts.register("note", facts.notes)
        kernel_facts.facts.register("outreach", facts.outreach)
        kernel_facts.doings.register("note.signed", doings.write)
        kernel_facts.doings.register("note.cosigned", doings.cosign)
        kernel_facts.doings.register("outreach.made", doings.write)
        documented.register("notes", queries.documented)
        chart_panels.register("notes", panels.PANEL)
        under("rolls", "notes:session")
