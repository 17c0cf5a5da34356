from __future__ import annotations

from django.urls import path

from dayward.chart.assessments.views import level, lists, story

app_name = "assessments"
urlpatterns = [
    path("<str:person>/", story.start, name="open"),
    path("<str:person>/chart/", story.chart, name="chart"),
    path("<str:person>/allergies/", lists.allergies, name="allergies"),
    path("<str:person>/allergies/<str:allergy>/in-error/", lists.withdraw_allergy, name="withdraw_allergy"),
    path("<str:person>/level/", level.level, name="level"),
    path("<str:person>/level/save/", level.save_level, name="save_level"),
    path("<str:person>/level/chart/", level.level_chart, name="level_chart"),
    path("<str:person>/level/signed/<str:level>/", level.level_signed, name="level_signed"),
    path("<str:person>/signed/<str:kind>/<str:paper>/in-error/", story.enter_in_error, name="enter_in_error"),
    path("<str:person>/a/<str:assessment>/", story.story, name="story"),
    path("<str:person>/a/<str:assessment>/save/", story.save, name="save"),
    path("<str:person>/a/<str:assessment>/review/", story.review, name="review"),
    path("<str:person>/a/<str:assessment>/amend/", story.amend, name="amend"),
    path("<str:person>/a/<str:assessment>/lists/", lists.lists, name="lists"),
    path("<str:person>/a/<str:assessment>/lists/codes/", lists.codes, name="codes"),
    path("<str:person>/a/<str:assessment>/lists/diagnosis/", lists.add_diagnosis, name="add_diagnosis"),
    path("<str:person>/a/<str:assessment>/lists/medication/", lists.add_medication, name="add_medication"),
    path("<str:person>/a/<str:assessment>/lists/allergy/", lists.add_allergy, name="add_allergy"),
    path("<str:person>/a/<str:assessment>/lists/<str:kind>/<str:row>/", lists.change_row, name="change_row"),
]
