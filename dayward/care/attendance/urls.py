from __future__ import annotations

from django.urls import path

from dayward.care.attendance.views import makeups, program, roll, week

app_name = "attendance"
urlpatterns = [
    path("sessions/", roll.rolls, name="rolls"),
    path("sessions/<str:session>/", roll.roll, name="roll"),
    path("sessions/<str:session>/all-present/", roll.all_present, name="all_present"),
    path("sessions/<str:session>/undo-all/<int:moment>/", roll.undo_all, name="undo_all"),
    path("sessions/<str:session>/close/", roll.close, name="close"),
    path("sessions/<str:session>/reopen/", roll.reopen, name="reopen"),
    path("sessions/<str:session>/rows/<str:booking>/<slug:act>/", roll.row, name="row"),
    path("weeks/", program.weeks, name="weeks"),
    path("weeks/people/<str:person>/week/", week.week, name="week"),
    path("weeks/people/<str:person>/week/exempt/", week.exempt, name="exempt"),
    path(
        "weeks/people/<str:person>/week/exemptions/<str:exemption>/withdraw/",
        week.withdraw,
        name="withdraw_exemption",
    ),
    path("weeks/people/<str:person>/make-ups/", makeups.makeups, name="makeups"),
    path("weeks/people/<str:person>/make-ups/<str:booking>/", makeups.makeup, name="makeup"),
    path(
        "weeks/people/<str:person>/make-ups/<str:booking>/visit/", makeups.makeup_visit, name="makeup_visit"
    ),
    path("weeks/people/<str:person>/bookings/<str:booking>/correct/", week.correct, name="correct"),
]
