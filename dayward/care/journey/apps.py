from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class JourneyConfig(AppConfig):
    name = "dayward.care.journey"
    label = "journey"

    def ready(self) -> None:
        from dayward.care.journey import checks, evidence, openers, panels, permissions, setup_moves
        from dayward.foundation.access.openers import Opener
        from dayward.foundation.access.openers import openers as chart_openers
        from dayward.foundation.people.services import merge_conflicts
        from dayward.kernel.database import append_only_tables, erasable_tables, read_only_tables
        from dayward.kernel.setup import Step, after_migrate
        from dayward.ui import navigation

        checks.install()
        evidence.register()
        panels.register()
        append_only_tables("journey_transition")
        read_only_tables("journey_move")
        erasable_tables("journey_publicinquirycount")
        after_migrate.register("journey.moves", Step("writing the state machine", setup_moves.load_moves))
        sentence = gettext_noop("the person is on the way in, and that is your work")
        opener = Opener("open_case", sentence, openers.has_open_case, frozenset({"intake"}))
        chart_openers.register("open_case", opener)
        merge_conflicts.register("journey", openers.both_open)
        navigation.register(
            navigation.NavItem(
                "pipeline",
                _("Intake"),
                "journey:pipeline",
                "layout-kanban",
                permission=permissions.PIPELINE,
                order=20,
            )
        )
