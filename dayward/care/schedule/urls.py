from __future__ import annotations

from django.urls import path

from dayward.care.schedule.views import closures, enroll, groups, hours, limits, people, sessions, week

app_name = "schedule"
urlpatterns = [
    path("week/", week.week, name="week"),
    path("seats/", week.seats, name="seats"),
    path("sessions/add/", sessions.add, name="add_session"),
    path("sessions/<str:session>/", sessions.session, name="session"),
    path("sessions/<str:session>/edit/", sessions.edit, name="edit_session"),
    path("sessions/<str:session>/cancel/", sessions.cancel, name="cancel_session"),
    path("sessions/<str:session>/reinstate/", sessions.reinstate, name="reinstate"),
    path("sessions/<str:session>/cover/", sessions.cover, name="cover"),
    path("groups/", groups.groups, name="groups"),
    path("groups/add/", groups.add_group, name="add_group"),
    path("groups/<str:group>/", groups.group, name="group"),
    path("groups/<str:group>/close/", groups.close_group, name="close_group"),
    path("groups/<str:group>/edit/", groups.edit_group, name="edit_group"),
    path("groups/<str:group>/series/add/", groups.add_series, name="add_series"),
    path("groups/<str:group>/series/<str:series>/", groups.edit_series, name="edit_series"),
    path("checks/", limits.checks, name="checks"),
    path("checks/why/", limits.give_reason, name="give_limit_reason"),
    path("checks/reasons/", limits.reasons, name="limit_reasons"),
    path("checks/reasons/<str:reason>/withdraw/", limits.withdraw, name="withdraw_limit_reason"),
    path("checks/limits/", limits.limits, name="limits"),
    path("checks/limits/<str:limit>/", limits.edit_limit, name="edit_limit"),
    path("closures/", closures.closures, name="closures"),
    path("closures/<str:closure>/withdraw/", closures.withdraw, name="withdraw_closure"),
    path("staff/", hours.staff_list, name="staff_list"),
    path("staff/<str:staff>/<str:site>/", hours.staff_hours, name="staff_hours"),
    path("calendar/", hours.my_calendar, name="my_calendar"),
    path("people/<str:person>/", people.person_week, name="person_week"),
    path("people/<str:person>/enroll/", enroll.enroll, name="enroll"),
    path(
        "people/<str:person>/enrollments/<str:enrollment>/end/", people.end_enrollment, name="end_enrollment"
    ),
    path("people/<str:person>/book/", people.book, name="book"),
    path("people/<str:person>/book/<str:session>/", people.book_session, name="book_session"),
    path("people/<str:person>/bookings/<str:booking>/cancel/", people.cancel_booking, name="cancel_booking"),
    path(
        "people/<str:person>/bookings/<str:booking>/restore/", people.restore_booking, name="restore_booking"
    ),
    path("people/<str:person>/own-hours/", hours.own_hours, name="own_hours"),
    path("people/<str:person>/calendar/", hours.person_calendar, name="person_calendar"),
]
