from __future__ import annotations

from django.urls import path

from dayward.doors.exchange.ical import views

app_name = "ical"
urlpatterns = [path("<str:token>.ics", views.feed, name="feed")]
