from __future__ import annotations

from django.urls import path

from dayward.foundation.standards.views import packs, policy

app_name = "standards"
urlpatterns = [
    path("", packs.packs, name="packs"),
    path("where/", packs.where, name="where"),
    path("packs/<str:pack>/", packs.pack, name="pack"),
    path("packs/<str:pack>/sites/<str:site>/", packs.use, name="use"),
    path("uses/<str:use>/end/", packs.end_use, name="end_use"),
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", policy.add, name="add"),
    path("policy/rows/<str:row>/end/", policy.end, name="end"),
    path("policy/<str:rule>/", policy.rule, name="rule"),
    path("policy/<str:rule>/change/", policy.change, name="change"),
]
