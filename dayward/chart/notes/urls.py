from __future__ import annotations

from django.urls import path

from dayward.chart.notes.views import group, reading, single, templates

app_name = "notes"
urlpatterns = [
    path("templates/<str:template>/", templates.template, name="template"),
    path("sessions/<str:session>/", group.session, name="session"),
    path("sessions/<str:session>/save/", group.save_session, name="save_session"),
    path("sessions/<str:session>/rows/<str:booking>/outreach/", group.outreach, name="outreach"),
    path("people/<str:person>/", reading.chart, name="chart"),
    path("people/<str:person>/contact/", single.contact, name="contact"),
    path("people/<str:person>/bookings/<str:booking>/", single.booking, name="booking"),
    path("people/<str:person>/bookings/<str:booking>/save/", single.save_booking, name="save_booking"),
    path("people/<str:person>/bookings/<str:booking>/outreach/", single.outreach, name="outreach_visit"),
    path("people/<str:person>/notes/<str:note>/", reading.note, name="note"),
    path("people/<str:person>/notes/<str:note>/edit/", single.edit, name="edit"),
    path("people/<str:person>/notes/<str:note>/save/", single.save, name="save"),
    path("people/<str:person>/notes/<str:note>/print/", reading.print_note, name="print"),
    path("people/<str:person>/notes/<str:note>/cosign/", reading.cosign, name="cosign"),
    path("people/<str:person>/notes/<str:note>/amend/", reading.amend, name="amend"),
    path("people/<str:person>/notes/<str:note>/in-error/", reading.enter_in_error, name="enter_in_error"),
]
