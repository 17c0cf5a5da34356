from __future__ import annotations

from django.urls import URLPattern, path

from dayward.doors.staff import board, chart, home, library, settings, setup

app_name = "staff"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("today/", home.today, name="today"),
    path("census/", board.census, name="census"),
    path("search/", home.search, name="search"),
    path("charts/<str:person>/", chart.chart, name="chart"),
    path("palette/", home.palette, name="palette"),
    path("setup/", setup.setup, name="setup"),
    path("setup/library/", library.library, name="library"),
    path("setup/settings/", settings.settings, name="settings"),
    path("setup/settings/<str:key>/", settings.setting, name="setting"),
    path("setup/settings/<str:key>/<str:setting>/withdraw/", settings.withdraw, name="withdraw_setting"),
]
