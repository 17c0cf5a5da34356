from __future__ import annotations

from django.urls import URLPattern, path

from dayward.doors.staff import chart, home

app_name = "staff"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("today/", home.today, name="today"),
    path("search/", home.search, name="search"),
    path("charts/<str:person>/", chart.chart, name="chart"),
    path("palette/", home.palette, name="palette"),
]
