from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    name = "dayward.care.schedule"
    label = "schedule"

    def ready(self) -> None:
        from dayward.care.catalog.events import DayClosed, DayReopened
        from dayward.care.journey.events import EpisodeEnded, HoldChanged, OwnHoursTold, SegmentChanged
        from dayward.care.schedule import handlers, permissions
        from dayward.care.schedule.openers import leads_a_session
        from dayward.foundation.access.openers import Opener, openers
        from dayward.kernel.database import erasable_tables
        from dayward.kernel.events import subscribe
        from dayward.ui.navigation import Area, NavItem, register

        subscribe(OwnHoursTold, handlers.own_hours_told)
        subscribe(EpisodeEnded, handlers.episode_ended)
        subscribe(SegmentChanged, handlers.segment_changed)
        subscribe(HoldChanged, handlers.hold_changed)
        subscribe(DayClosed, handlers.day_closed)
        subscribe(DayReopened, handlers.day_reopened)
        erasable_tables(
            "schedule_series_facilitators"
        )  # who leads a series from now on; sessions keep who led them
        openers.register(
            "session_leader",
            Opener("session_leader", str(_("you lead one of their sessions")), leads_a_session),
        )
        register(NavItem("week", _("Week"), "schedule:week", "calendar-week", permissions.SEE, 40))
        register(
            NavItem("my_calendar", _("My calendar"), "schedule:my_calendar", "calendar", None, 40, Area.USER)
        )
