"""Every address of the program. Each package declares its own; a test walks them all with every role."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("dayward.doors.staff.urls")),
    path("", include("dayward.foundation.operations.urls")),
    path("my/", include("dayward.doors.portal.urls")),
    path("ui/", include("dayward.ui.urls")),
    path("account/", include("dayward.foundation.access.account_urls")),
    path("access/", include("dayward.foundation.access.urls")),
    path("people/", include("dayward.foundation.people.urls")),
    path("documents/", include("dayward.foundation.documents.urls")),
    path("consents/", include("dayward.foundation.consent.urls")),
    path("terms/", include("dayward.foundation.terms.urls")),
    path("setup/", include("dayward.foundation.organization.urls")),
    path("intake/", include("dayward.care.journey.urls")),
    path("inquire/", include("dayward.care.journey.public_urls")),
    path("referrals/", include("dayward.care.referrals.urls")),
    path("programs/", include("dayward.care.catalog.urls")),
    path("schedule/", include("dayward.care.schedule.urls")),
    path("attendance/", include("dayward.care.attendance.urls")),
    path("assessments/", include("dayward.chart.assessments.urls")),
    path("safety/", include("dayward.chart.safety.urls")),
    path("measures/", include("dayward.chart.measures.urls")),
    path("medications/", include("dayward.chart.medications.urls")),
    path("plans/", include("dayward.chart.plans.urls")),
    path("notes/", include("dayward.chart.notes.urls")),
    path("casework/", include("dayward.chart.casework.urls")),
    path("due/", include("dayward.foundation.worklist.urls")),
    path("standards/", include("dayward.foundation.standards.urls")),
    path("coverage/", include("dayward.revenue.coverage.urls")),
    path("calendar/", include("dayward.doors.exchange.ical.urls")),
]
handler500 = "dayward.ui.outage.server_error"
