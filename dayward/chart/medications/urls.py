from __future__ import annotations

from django.urls import path

from dayward.chart.medications import views

app_name = "medications"
urlpatterns = [
    path("<str:person>/", views.chart, name="chart"),
    path("<str:person>/start/", views.start, name="start"),
    path("<str:person>/report/", views.check, name="check"),
    path("<str:person>/report/<str:check>/in-error/", views.check_in_error, name="check_in_error"),
    path("<str:person>/reconcile/", views.reconcile, name="reconcile"),
    path("<str:person>/changes/<str:change>/in-error/", views.change_in_error, name="change_in_error"),
    path("<str:person>/<str:medication>/", views.change, name="change"),
]
