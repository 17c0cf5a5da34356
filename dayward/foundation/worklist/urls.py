from __future__ import annotations

from django.urls import path

from dayward.foundation.worklist.views import audits, lists

app_name = "worklist"
urlpatterns = [
    path("", lists.mine, name="mine"),
    path("team/", lists.team, name="team"),
    path("by-owner/", lists.by_owner, name="by_owner"),
    path("by-owner/<str:staff>/", lists.owner, name="owner"),
    path("by-rule/", lists.by_rule, name="by_rule"),
    path("by-rule/<str:rule>/", lists.rule, name="rule"),
    path("audits/", audits.audits, name="audits"),
    path("audits/<str:audit>/", audits.audit, name="audit"),
    path("audits/<str:audit>/<str:rule>/", audits.gaps, name="gaps"),
    path("person/<str:person>/", lists.person, name="person"),
]
