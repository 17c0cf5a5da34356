from __future__ import annotations

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "dayward.foundation.signing"
    label = "signing"

    def ready(self) -> None:
        from dayward.kernel.database import append_only_tables

        append_only_tables("signing_signature")
