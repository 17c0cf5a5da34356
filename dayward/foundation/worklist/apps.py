from __future__ import annotations

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "dayward.foundation.worklist"
    label = "worklist"
