from __future__ import annotations

from django.urls import URLPattern, path

from dayward.foundation.organization import views

app_name = "organization"
urlpatterns: list[URLPattern] = [
    path("clinic/", views.setup, name="setup"),
    path("names/", views.names, name="names"),
    path("sites/new/", views.add_site, name="add_site"),
    path("sites/<str:site>/", views.site, name="site"),
]
