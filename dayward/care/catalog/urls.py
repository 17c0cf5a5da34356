from __future__ import annotations

from django.urls import path

from dayward.care.catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.programs, name="programs"),
    path("add/", views.add_program, name="add_program"),
    path("services/", views.kinds, name="kinds"),
    path("services/add/", views.add_kind, name="add_kind"),
    path("services/<str:kind>/closed/", views.close_kind, name="close_kind"),
    path("services/<str:kind>/", views.edit_kind, name="edit_kind"),
    path("services/<str:kind>/counting/", views.counting, name="counting"),
    path("tracks/<str:track>/", views.edit_track, name="edit_track"),
    path("rooms/<str:room>/", views.edit_room, name="edit_room"),
    path("tracks/<str:track>/closed/", views.close_track, name="close_track"),
    path("rooms/<str:room>/closed/", views.close_room, name="close_room"),
    path("<str:program>/closed/", views.close_program, name="close_program"),
    path("sites/<str:site>/rooms/add/", views.add_room, name="add_room"),
    path("<str:program>/", views.program, name="program"),
    path("<str:program>/edit/", views.edit_program, name="edit_program"),
    path("<str:program>/terms/", views.terms, name="terms"),
    path("<str:program>/tracks/add/", views.add_track, name="add_track"),
]
