from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "dayward.care.schedule"
    label = "schedule"

    def ready(self) -> None:
        from dayward.care.schedule import checks, declared, permissions  # noqa: F401 - declared by import
        from dayward.foundation.organization.declared import groups
        from dayward.kernel.database import erasable_tables
        from dayward.ui.navigation import Area, NavItem, register, under

        _hear()
        _answer()
        groups.register("schedule", declared.GROUP)
        # Who leads a series from now on; sessions keep who led them
        erasable_tables("schedule_series_facilitators")
        register(NavItem("week", _("Schedule"), "schedule:week", "calendar-week", permissions.SEE, 40))
        register(
            NavItem("my_calendar", _("My calendar"), "schedule:my_calendar", "calendar", None, 40, Area.USER)
        )
        under("week", "schedule:*")


def _hear() -> None:
    """What this package does about events from below."""
    from dayward.care.catalog.events import Closes, DayClosed, DayReopened
    from dayward.care.journey import events
    from dayward.care.schedule import handlers
    from dayward.kernel.events import subscribe

    subscribe(events.OwnHoursTold, handlers.own_hours_told)
    subscribe(events.EpisodeEnded, handlers.episode_ended)
    subscribe(events.SegmentChanged, handlers.segment_changed)
    subscribe(events.HoldChanged, handlers.hold_changed)
    subscribe(events.AssessmentBooked, handlers.assessment_booked)
    subscribe(events.AssessmentReleased, handlers.assessment_released)
    subscribe(Closes, handlers.closes)
    subscribe(DayClosed, handlers.day_closed)
    subscribe(DayReopened, handlers.day_reopened)


def _answer() -> None:
    """What this package knows that packages below ask for."""
    from dayward.care.journey.calendars import calendars, seats
    from dayward.care.schedule.calendars import ScheduleCalendar
    from dayward.care.schedule.openers import leads_a_session, leads_sessions_of
    from dayward.care.schedule.queries.seats import standing_seats
    from dayward.care.schedule.queries.week import next_appointments_of
    from dayward.foundation.access.openers import Opener, openers
    from dayward.foundation.people.queries import next_appointments

    calendars.register("schedule", ScheduleCalendar())
    seats.register("schedule", standing_seats)
    next_appointments.register("schedule", next_appointments_of)
    openers.register(
        "session_leader",
        Opener(
            "session_leader",
            str(_("you lead one of their sessions")),
            leads_a_session,
            opens_many=leads_sessions_of,
        ),
    )
