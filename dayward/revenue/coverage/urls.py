from __future__ import annotations

from django.urls import path

from dayward.revenue.coverage.views import payers, people

app_name = "coverage"
urlpatterns = [
    path("payers/", payers.payers, name="payers"),
    path("payers/<str:payer>/", payers.payer, name="payer"),
    path("payers/<str:payer>/kind/", payers.set_kind, name="set_kind"),
    path("payers/<str:payer>/week/", payers.terms, name="terms"),
    path("payers/<str:payer>/services/", payers.kinds, name="kind_terms"),
    path("payers/<str:payer>/week/end/", payers.end, name="end_terms"),
    path("<str:person>/", people.coverage_list, name="list"),
    path("<str:person>/add/", people.add, name="add"),
    path("<str:person>/benefits/", people.benefits, name="benefits"),
    path("<str:person>/<str:coverage>/", people.edit, name="edit"),
    path("<str:person>/<str:coverage>/verify/", people.verify, name="verify"),
]
