from __future__ import annotations

from django.urls import path

from dayward.chart.safety import views
from dayward.chart.safety.alerts import views as alert_views

app_name = "safety"
urlpatterns = [
    path("alerts/", alert_views.alerts, name="alerts"),
    path("alerts/test/<str:site>/", alert_views.test, name="test_alerts"),
    path("<str:person>/alerts/<str:alert>/", alert_views.alert, name="alert"),
    path("<str:person>/alerts/<str:alert>/acknowledge/", alert_views.acknowledge, name="acknowledge"),
    path("<str:person>/alerts/<str:alert>/contact/", alert_views.contact, name="contact"),
    path("<str:person>/alerts/<str:alert>/guardian/", alert_views.guardian, name="alert_guardian"),
    path("<str:person>/alerts/<str:alert>/close/", alert_views.close, name="close_alert"),
    path("<str:person>/alerts/<str:alert>/close/save/", alert_views.save_closing, name="save_closing"),
    path("<str:person>/alerts/<str:alert>/cosign/", alert_views.cosign, name="cosign_closing"),
    path("<str:person>/", views.chart, name="chart"),
    path("<str:person>/risk/", views.statement, name="statement"),
    path("<str:person>/risk/save/", views.save_statement, name="save_statement"),
    path("<str:person>/plan/", views.plan, name="plan"),
    path("<str:person>/plan/save/", views.save_plan, name="save_plan"),
    path("<str:person>/plan/print/", views.print_plan, name="print"),
    path("<str:person>/signed/<str:kind>/<str:paper>/", views.paper, name="paper"),
    path("<str:person>/signed/<str:kind>/<str:paper>/in-error/", views.enter_in_error, name="enter_in_error"),
    path("<str:person>/instruments/", views.instruments, name="instruments"),
    path(
        "<str:person>/instruments/<str:instrument>/in-error/",
        views.withdraw_instrument,
        name="withdraw_instrument",
    ),
]
