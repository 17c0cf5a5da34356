from __future__ import annotations

from django.urls import path

from dayward.chart.casework.views import letters, needs, summaries

app_name = "casework"
urlpatterns = [
    path("<str:person>/letters/", letters.letters, name="letters"),
    path("<str:person>/letters/new/", letters.new, name="new_letter"),
    path("<str:person>/letters/<str:letter>/", letters.letter, name="letter"),
    path("<str:person>/letters/<str:letter>/file/", letters.letter_pdf, name="letter_pdf"),
    path("<str:person>/letters/<str:letter>/in-error/", letters.letter_in_error, name="letter_in_error"),
    path("<str:person>/needs/", needs.needs, name="needs"),
    path("<str:person>/needs/<str:need>/", needs.need, name="need"),
    path("<str:person>/needs/<str:need>/take/", needs.take_need, name="take_need"),
    path("<str:person>/meetings/", needs.meetings, name="meetings"),
    path("<str:person>/meetings/<str:meeting>/in-error/", needs.meeting_in_error, name="meeting_in_error"),
    path("<str:person>/summaries/", summaries.summaries, name="summaries"),
    path("<str:person>/summaries/write/<str:kind>/", summaries.write, name="write_summary"),
    path("<str:person>/summaries/write/<str:kind>/save/", summaries.save, name="save_summary"),
    path("<str:person>/summaries/<str:summary>/", summaries.summary, name="summary"),
    path("<str:person>/summaries/<str:summary>/file/", summaries.summary_pdf, name="summary_pdf"),
    path("<str:person>/summaries/<str:summary>/copy/", summaries.hand_copy, name="hand_copy"),
    path("<str:person>/summaries/<str:summary>/send/", summaries.send, name="send_packet"),
    path(
        "<str:person>/summaries/<str:summary>/in-error/", summaries.summary_in_error, name="summary_in_error"
    ),
]
