from __future__ import annotations

from django.urls import path

from dayward.chart.measures import views

app_name = "measures"
urlpatterns = [
    path("library/<str:instrument>/", views.as_it_is, name="instrument"),
    path("<str:person>/", views.chart, name="chart"),
    path("<str:person>/ask/", views.ask, name="ask"),
    path("<str:person>/start/", views.start, name="start"),
    path("<str:person>/asked/<str:administration>/", views.administration, name="administration"),
    path("<str:person>/asked/<str:administration>/answer/", views.answer, name="answer"),
    path("<str:person>/asked/<str:administration>/finish/", views.finish, name="finish"),
    path("<str:person>/asked/<str:administration>/in-error/", views.enter_in_error, name="enter_in_error"),
    path("<str:person>/of/<str:instrument>/", views.measure, name="measure"),
]
