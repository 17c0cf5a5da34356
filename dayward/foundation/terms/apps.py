from __future__ import annotations

from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "dayward.foundation.terms"
    label = "terms"
