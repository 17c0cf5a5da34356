from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "dayward.foundation.people"
    label = "people"

    def ready(self) -> None:
        from dayward.foundation.people import permissions  # noqa: F401 - declared by import
        from dayward.kernel.database import erasable_tables

        erasable_tables(
            "people_staffmember_sites"
        )  # where somebody works now; changes are in the audit trail
