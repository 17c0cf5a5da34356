from __future__ import annotations

from django.urls import URLPattern, path

from dayward.foundation.people.views import details, duplicates, person

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("new/", duplicates.register, name="register"),
    path("<str:person>/", person.person, name="person"),
    path("<str:person>/edit/", person.edit, name="edit"),
    path("<str:person>/contacts/new/", details.add_contact, name="add_contact"),
    path("<str:person>/contacts/<str:point>/", details.edit_contact, name="edit_contact"),
    path("<str:person>/contacts/<str:point>/end/", details.end_contact, name="end_contact"),
    path("<str:person>/contacts/<str:point>/restore/", details.restore_contact, name="restore_contact"),
    path("<str:person>/address/", details.add_address, name="add_address"),
    path("<str:person>/numbers/new/", details.add_identifier, name="add_identifier"),
    path("<str:person>/relatives/new/", details.add_relative, name="add_relative"),
    path("<str:person>/relatives/<str:relationship>/end/", details.end_relative, name="end_relative"),
    path(
        "<str:person>/relatives/<str:relationship>/restore/",
        details.restore_relative,
        name="restore_relative",
    ),
    path("<str:person>/duplicates/", duplicates.duplicates, name="duplicates"),
    path("<str:person>/duplicates/<str:other>/", duplicates.same, name="same"),
    path("<str:person>/duplicates/<str:other>/undo/", duplicates.undo_same, name="undo_same"),
]
