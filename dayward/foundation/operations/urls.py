from __future__ import annotations

from django.urls import path

from dayward.foundation.operations import views

app_name = "operations"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("healthz/serving", views.serving, name="serving"),
    path("running/", views.running, name="running"),
]
