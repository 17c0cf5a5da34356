from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "dayward.foundation.messaging"
    label = "messaging"

    def ready(self) -> None:
        from dayward.foundation.messaging import permissions

        del permissions  # imported to be declared
