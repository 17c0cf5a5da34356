from __future__ import annotations

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "dayward.foundation.drafts"
    label = "drafts"

    def ready(self) -> None:
        from dayward.foundation.drafts.services import store
        from dayward.kernel.database import erasable_tables
        from dayward.ui.drafts import register_store

        register_store(store)
        erasable_tables("drafts_draft")
