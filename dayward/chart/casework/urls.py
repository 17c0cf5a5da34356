from __future__ import annotations

from django.urls import path

from dayward.chart.casework.views import letters

app_name = "casework"
urlpatterns = [
    path("<str:person>/letters/", letters.letters, name="letters"),
    path("<str:person>/letters/new/", letters.new, name="new_letter"),
    path("<str:person>/letters/<str:letter>/", letters.letter, name="letter"),
    path("<str:person>/letters/<str:letter>/file/", letters.letter_pdf, name="letter_pdf"),
    path("<str:person>/letters/<str:letter>/in-error/", letters.letter_in_error, name="letter_in_error"),
]
