from __future__ import annotations

from django.urls import path

from dayward.foundation.worklist import views

app_name = "worklist"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("team/", views.team, name="team"),
    path("by-owner/", views.by_owner, name="by_owner"),
    path("by-owner/<str:staff>/", views.owner, name="owner"),
    path("by-rule/", views.by_rule, name="by_rule"),
    path("by-rule/<str:rule>/", views.rule, name="rule"),
    path("person/<str:person>/", views.person, name="person"),
]
