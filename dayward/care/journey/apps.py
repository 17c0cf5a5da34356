from __future__ import annotations

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    name = "dayward.care.journey"
    label = "journey"
