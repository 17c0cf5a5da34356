from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "dayward.doors.portal"
    label = "portal"
