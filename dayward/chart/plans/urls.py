from __future__ import annotations

from django.urls import path

from dayward.chart.plans.views import reviewing, signing, writing

app_name = "plans"
urlpatterns = [
    path("<str:person>/", reviewing.chart, name="chart"),
    path("<str:person>/start/", writing.start, name="start"),
    path("<str:person>/edit/", writing.edit, name="edit"),
    path("<str:person>/sign/", signing.sign, name="sign"),
    path("<str:person>/review/", reviewing.review, name="review"),
    path("<str:person>/version/<str:plan>/", signing.read, name="read"),
    path("<str:person>/version/<str:plan>/save/", writing.save, name="save"),
    path("<str:person>/version/<str:plan>/print/", signing.print_plan, name="print"),
    path("<str:person>/version/<str:plan>/attest/", signing.attest, name="attest"),
    path("<str:person>/version/<str:plan>/change/", signing.change, name="change"),
    path("<str:person>/version/<str:plan>/in-error/", signing.enter_in_error, name="enter_in_error"),
    path(
        "<str:person>/version/<str:plan>/put-back/<str:kind>/<str:part>/", writing.put_back, name="put_back"
    ),
    path("<str:person>/reviews/<str:review>/", reviewing.read_review, name="read_review"),
    path("<str:person>/reviews/<str:review>/save/", reviewing.save_review, name="save_review"),
    path("<str:person>/reviews/<str:review>/aside/", reviewing.set_aside, name="set_aside"),
    path("<str:person>/reviews/<str:review>/in-error/", reviewing.review_in_error, name="review_in_error"),
]
