from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "dayward.foundation.documents"
    label = "documents"
