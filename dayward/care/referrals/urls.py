from __future__ import annotations

from django.urls import path

from dayward.care.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.index, name="index"),
    path("of/<str:person>/<str:referral>/", views.in_chart, name="in_chart"),
    path("of/<str:person>/<str:referral>/original/", views.original_in_chart, name="original_in_chart"),
    path("<str:referral>/", views.preview, name="preview"),
    path("<str:referral>/accept/", views.accept, name="accept"),
    path("<str:referral>/accept/undo/", views.undo_accept, name="undo_accept"),
    path("<str:referral>/aside/", views.set_aside, name="set_aside"),
    path("<str:referral>/aside/undo/", views.take_back, name="take_back"),
    path("<str:referral>/original/", views.original, name="original"),
]
