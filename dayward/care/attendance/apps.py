from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AttendanceConfig(AppConfig):
    name = "dayward.care.attendance"
    label = "attendance"

    def ready(self) -> None:
        from dayward.care.attendance import evidence, facts, program, queries, registries
        from dayward.care.schedule.registries import attended
        from dayward.kernel.database import append_only_tables
        from dayward.kernel.evidence import providers
        from dayward.kernel.facts import doings
        from dayward.kernel.facts import facts as facts_providers

        registries.settings.register(program.KEY, program.settings)
        registries.floors.register(program.KEY, program.ProgramFloors())
        self._keep_weeks()
        self._show()
        append_only_tables("attendance_whereabouts")
        attended.register("attendance", queries.attended_sessions)
        for word, teller in facts.TELLERS.items():
            facts_providers.register(word, teller)
        for kind in facts.BOOKED.values():
            doings.register(kind, facts.book_visit)
        providers.register("service.first_delivered", evidence.first_delivered)

    def _keep_weeks(self) -> None:
        """Stored weeks follow whatever they are made of."""
        from dayward.care.attendance import facts, handlers
        from dayward.care.attendance.services.weeks import KEEPER
        from dayward.care.catalog.events import CountingChanged, DayClosed, DayReopened, TermsChanged
        from dayward.care.journey.events import EpisodeBegan, EpisodeEnded, HoldChanged, SegmentChanged
        from dayward.care.schedule.events import SeatsChanged
        from dayward.foundation.worklist.recounts import Recount, recounts
        from dayward.kernel.events import subscribe

        subscribe(SeatsChanged, handlers.seats_changed)
        subscribe(SeatsChanged, facts.seats_changed)
        subscribe(EpisodeBegan, handlers.episode_began)
        subscribe(EpisodeEnded, handlers.episode_ended)
        subscribe(SegmentChanged, handlers.segment_changed)
        subscribe(HoldChanged, handlers.hold_changed)
        subscribe(DayClosed, handlers.day_closed)
        subscribe(DayReopened, handlers.day_reopened)
        subscribe(TermsChanged, handlers.terms_changed)
        subscribe(CountingChanged, handlers.counting_changed)
        recounts.register(
            "weeks", Recount(gettext_noop("Hours of the weeks"), KEEPER.id, handlers.weeks_differed)
        )

    def _show(self) -> None:
        """Panels and entries of the menu."""
        from dayward.care.attendance import panels, permissions
        from dayward.kernel.panels import Panel, chart_panels, today_panels
        from dayward.ui.navigation import NavItem, register

        chart_panels.register(
            "week",
            Panel(
                "week",
                gettext_noop("This week"),
                "attendance/week_panel.html",
                panels.week_context,
                permissions.READ,
                order=30,
                url_name="attendance:week",
            ),
        )
        today_panels.register(
            "my_sessions",
            Panel(
                "my_sessions",
                gettext_noop("My sessions today"),
                "attendance/today_panel.html",
                panels.today_context,
                permissions.ROLL,
                order=10,
            ),
        )
        register(
            NavItem("weeks", _("Hours this week"), "attendance:weeks", "hourglass", permissions.WEEKS, 42)
        )
        register(
            NavItem("rolls", _("Roll call"), "attendance:rolls", "clipboard-check", permissions.ROLL, 45)
        )
