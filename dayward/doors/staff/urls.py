from __future__ import annotations

from django.urls import URLPattern, path

from dayward.doors.staff import board, chart, home

app_name = "staff"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("today/", home.today, name="today"),
    path("census/", board.census, name="census"),
    path("search/", home.search, name="search"),
    path("charts/<str:person>/", chart.chart, name="chart"),
    path("palette/", home.palette, name="palette"),
]
