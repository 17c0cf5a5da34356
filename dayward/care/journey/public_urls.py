"""Addresses that anybody may open."""

from __future__ import annotations

from django.urls import path

from dayward.care.journey.views import public

app_name = "inquire"
urlpatterns = [
    path("", public.inquire, name="form"),
    path("thanks/", public.thanks, name="thanks"),
]
