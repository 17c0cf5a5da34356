"""Choices that belong to the browser, not to a person: colors and language."""

from __future__ import annotations

from django.urls import path

from dayward.ui import views

app_name = "ui"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
]
