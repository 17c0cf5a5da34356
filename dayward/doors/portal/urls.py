from __future__ import annotations

from django.urls import path

from dayward.doors.portal.views import entrance, packet, tablet, week

app_name = "portal"
urlpatterns = [
    path("", week.home, name="home"),
    path("help/", week.help_now, name="help_now"),
    path("worker.js", week.worker, name="worker"),
    path("in/", entrance.sign_in, name="sign_in"),
    path("in/<str:secret>/", entrance.enter, name="enter"),
    path("tablet/<str:person>/", tablet.tablet, name="tablet"),
    path("out/", entrance.sign_out, name="sign_out"),
    path("bye/", entrance.goodbye, name="goodbye"),
    path("bye/tablet/", entrance.goodbye, {"tablet": True}, name="goodbye_tablet"),
    path("forms/", packet.packet, name="packet"),
    path("forms/<str:form>/", packet.form, name="form"),
    path("forms/<str:form>/no/", packet.decline, name="decline"),
    path("forms/<str:form>/take-back/", packet.take_back, name="take_back"),
    path("forms/<str:form>/copy/", packet.copy, name="copy"),
]
