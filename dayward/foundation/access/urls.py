from __future__ import annotations

from django.urls import URLPattern, path

from dayward.foundation.access.views import charts, exceptions, sessions, sign_in, staff, trail

app_name = "access"
urlpatterns: list[URLPattern] = [
    path("roles/", staff.roles, name="roles"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.add, name="add_staff"),
    path("staff/invite/", sign_in.invite, name="invite"),
    path("staff/<str:staff>/", staff.member, name="member"),
    path("staff/<str:staff>/edit/", staff.edit, name="edit_staff"),
    path("staff/<str:staff>/sign-in/", sign_in.sign_in, name="staff_sign_in"),
    path("staff/<str:staff>/sign-in/link/", sign_in.make_link, name="make_sign_in_link"),
    path("staff/<str:staff>/sign-in/link/end/", sign_in.end_link, name="end_sign_in_link"),
    path("staff/<str:staff>/sessions/", sessions.of_member, name="member_sessions"),
    path("staff/<str:staff>/sessions/end/", sessions.end_of_member, name="end_member_sessions"),
    path("staff/<str:staff>/second-factor/reset/", sessions.reset_of_member, name="reset_second_factor"),
    path("sessions/", sessions.own, name="sessions"),
    path("sessions/end-others/", sessions.end_others, name="end_other_sessions"),
    path("sessions/<str:session>/end/", sessions.end, name="end_session"),
    path("second-factor/", sessions.set_up, name="second_factor"),
    path("set-password/<str:secret>/", sign_in.by_link, name="set_password"),
    path("staff/<str:staff>/credentials/new/", staff.credential, name="add_credential"),
    path("staff/<str:staff>/roles/", staff.grant, name="grant_role"),
    path("staff/<str:staff>/roles/<str:assignment>/end/", staff.end, name="end_role"),
    path("my-people/", charts.my_people, name="my_people"),
    path("charts/<str:person>/break-glass/", charts.break_glass, name="break_glass"),
    path("charts/<str:person>/team/", charts.team, name="team"),
    path("charts/<str:person>/team/add/", charts.add_to_team, name="add_to_team"),
    path("charts/<str:person>/team/<str:member>/end/", charts.end_team, name="end_team"),
    path("charts/<str:person>/team/<str:member>/restore/", charts.restore_team, name="restore_team"),
    path("charts/<str:person>/readers/", charts.readers, name="readers"),
    path("charts/<str:person>/watch/", charts.watch, name="watch"),
    path("charts/<str:person>/watch/end/", charts.end_watch, name="end_watch"),
    path("break-glass/", trail.openings, name="openings"),
    path("break-glass/<str:opening>/", charts.break_glass_open, name="break_glass_open"),
    path("break-glass/<str:opening>/review/", trail.review, name="review"),
    path("break-glass/<str:opening>/end/", charts.end_break_glass, name="end_break_glass"),
    path("trail/", trail.browse, name="trail"),
    path("exceptions/", exceptions.ranked, name="exceptions"),
    path("trail/chains/", trail.chains, name="chains"),
]
