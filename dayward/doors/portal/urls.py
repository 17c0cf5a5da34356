from __future__ import annotations

from django.urls import path

from dayward.doors.portal.views import (
    after,
    entrance,
    letters,
    meetings,
    packet,
    plan,
    progress,
    questions,
    safety,
    tablet,
    week,
)

app_name = "portal"
urlpatterns = [
    path("", week.home, name="home"),
    path("where/<str:booking>/", week.where, name="where"),
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
    path("questions/", questions.questions, name="questions"),
    path("questions/begin/<str:instrument>/", questions.begin, name="begin"),
    path("questions/<str:questionnaire>/", questions.question, name="question"),
    path("questions/<str:questionnaire>/help/", questions.question_help, name="question_help"),
    path("questions/<str:questionnaire>/done/", questions.question_done, name="question_done"),
    path("plan/", plan.plan, name="plan"),
    path("plan/<str:plan>/", plan.plan_text, name="plan_text"),
    path("progress/", progress.progress, name="progress"),
    path("more/", progress.more, name="more"),
    path("more/letters/", letters.letters, name="letters"),
    path("more/letters/<str:letter>/", letters.letter, name="letter"),
    path("more/safety/", safety.safety, name="safety"),
    path("more/safety/kept/", safety.kept, name="kept_safety"),
    path("more/safety/keep/", safety.keep, name="keep_safety"),
    path("more/meetings/", meetings.meetings, name="meetings"),
    path("more/meetings/<str:meeting>/not/", meetings.take_out, name="meeting_out"),
    path("alumni/join/", after.join_alumni, name="join_alumni"),
    path("alumni/<str:event>/", after.come, name="come"),
]
