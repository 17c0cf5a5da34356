from __future__ import annotations

from django.urls import path

from dayward.care.catalog.views import closing, kinds, programs

app_name = "catalog"
urlpatterns = [
    path("", programs.programs, name="programs"),
    path("add/", programs.add_program, name="add_program"),
    path("services/", kinds.kinds, name="kinds"),
    path("services/add/", kinds.add_kind, name="add_kind"),
    path("services/<str:kind>/closed/", closing.close_kind, name="close_kind"),
    path("services/<str:kind>/", kinds.edit_kind, name="edit_kind"),
    path("services/<str:kind>/counting/", kinds.counting, name="counting"),
    path("tracks/<str:track>/", programs.edit_track, name="edit_track"),
    path("rooms/<str:room>/", programs.edit_room, name="edit_room"),
    path("tracks/<str:track>/closed/", closing.close_track, name="close_track"),
    path("rooms/<str:room>/closed/", closing.close_room, name="close_room"),
    path("<str:program>/closed/", closing.close_program, name="close_program"),
    path("sites/<str:site>/rooms/add/", programs.add_room, name="add_room"),
    path("<str:program>/", programs.program, name="program"),
    path("<str:program>/edit/", programs.edit_program, name="edit_program"),
    path("<str:program>/terms/", programs.terms, name="terms"),
    path("<str:program>/tracks/add/", programs.add_track, name="add_track"),
]
