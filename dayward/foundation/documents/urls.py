from __future__ import annotations

from django.urls import path

from dayward.foundation.documents import views

app_name = "documents"
urlpatterns = [
    path("<str:person>/", views.documents, name="list"),
    path("<str:person>/<str:document>/", views.content, name="content"),
    path("<str:person>/<str:document>/error/", views.enter_in_error, name="enter_in_error"),
    path("<str:person>/<str:document>/error/undo/", views.take_back_error, name="take_back_error"),
]
