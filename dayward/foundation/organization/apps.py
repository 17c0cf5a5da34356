from __future__ import annotations

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "dayward.foundation.organization"
    label = "organization"
