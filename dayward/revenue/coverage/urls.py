from __future__ import annotations

from django.urls import path

from dayward.revenue.coverage import views

app_name = "coverage"
urlpatterns = [
    path("<str:person>/", views.coverage_list, name="list"),
    path("<str:person>/add/", views.add, name="add"),
    path("<str:person>/benefits/", views.benefits, name="benefits"),
    path("<str:person>/<str:coverage>/", views.edit, name="edit"),
    path("<str:person>/<str:coverage>/verify/", views.verify, name="verify"),
]
