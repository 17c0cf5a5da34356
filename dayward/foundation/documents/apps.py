from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class DocumentsConfig(AppConfig):
    name = "dayward.foundation.documents"
    label = "documents"

    def ready(self) -> None:
        from dayward.foundation.documents.permissions import READ
        from dayward.foundation.documents.views import panel_context
        from dayward.kernel.database import append_only_tables, changeable_columns
        from dayward.kernel.panels import Panel, chart_panels

        append_only_tables("documents_file")
        changeable_columns("documents_document", "person_id", "entered_in_error_at", "entered_in_error_by_id")
        panel = Panel(
            "documents", _("Documents"), "documents/panel.html", panel_context, READ, 900, "documents:list"
        )
        chart_panels.register("documents", panel)
