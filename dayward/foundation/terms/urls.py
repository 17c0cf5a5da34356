from __future__ import annotations

from django.urls import path

from dayward.foundation.terms import views

app_name = "terms"
urlpatterns = [path("icd/", views.icd, name="icd")]
