from __future__ import annotations

from django.urls import path

from dayward.care.journey.views import (
    admission,
    assessment,
    cases,
    episodes,
    inquiry,
    pipeline,
    policy,
    screening,
)

app_name = "journey"
urlpatterns = [
    path("", pipeline.board, name="pipeline"),
    path("waitlist/", pipeline.waitlist, name="waitlist"),
    path("new/", inquiry.new_inquiry, name="new_inquiry"),
    path("rules/", policy.policy, name="policy"),
    path("<str:person>/case/<str:case>/", cases.show, name="case"),
    path("<str:person>/case/<str:case>/about/", cases.edit, name="edit"),
    path("<str:person>/case/<str:case>/contact/", cases.contact, name="contact"),
    path("<str:person>/case/<str:case>/screening/", screening.screening, name="screening"),
    path("<str:person>/case/<str:case>/screening/draft/", screening.draft, name="screening_draft"),
    path("<str:person>/case/<str:case>/hand-off/", cases.hand_off, name="hand_off"),
    path("<str:person>/case/<str:case>/hand-over/", cases.hand_over, name="hand_over"),
    path("<str:person>/case/<str:case>/book/", assessment.book, name="book"),
    path("<str:person>/case/<str:case>/missed/", cases.miss, name="miss"),
    path("<str:person>/case/<str:case>/wait/", cases.wait, name="wait"),
    path("<str:person>/case/<str:case>/close/", cases.close, name="close"),
    path("<str:person>/case/<str:case>/paper/", cases.paper, name="paper"),
    path("<str:person>/case/<str:case>/admit/", admission.admit, name="admit"),
    path("<str:person>/death/", cases.death, name="death"),
    path("<str:person>/episode/<str:episode>/", episodes.show, name="episode"),
    path("<str:person>/episode/<str:episode>/contact/", episodes.contact, name="episode_contact"),
    path("<str:person>/episode/<str:episode>/flag/", episodes.flag, name="episode_flag"),
    path("<str:person>/episode/<str:episode>/unflag/", episodes.clear, name="episode_clear"),
    path("<str:person>/episode/<str:episode>/hold/", episodes.hold, name="episode_hold"),
    path("<str:person>/episode/<str:episode>/return/", episodes.come_back, name="episode_come_back"),
    path("<str:person>/episode/<str:episode>/track/", episodes.change_track, name="episode_change_track"),
    path("<str:person>/episode/<str:episode>/never/", episodes.never_started, name="episode_never_started"),
    path("<str:person>/episode/<str:episode>/discharge/", episodes.discharge, name="episode_discharge"),
    path("<str:person>/episode/<str:episode>/lost/", episodes.lost, name="episode_lost"),
    path("<str:person>/episode/<str:episode>/step-up/", episodes.step_up, name="episode_step_up"),
    path("<str:person>/episode/<str:episode>/aftercare/", episodes.aftercare, name="episode_aftercare"),
]
