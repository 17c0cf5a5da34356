from __future__ import annotations

from django.urls import path

from dayward.care.journey.views import pipeline

app_name = "journey"
urlpatterns = [
    path("", pipeline.board, name="pipeline"),
]
