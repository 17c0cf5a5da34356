from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class JourneyConfig(AppConfig):
    name = "dayward.care.journey"
    label = "journey"

    def ready(self) -> None:
        from dayward.care.journey import (
            checks,
            doings,
            evidence,
            facts,
            handlers,
            openers,
            panels,
            permissions,
            setup_moves,
        )
        from dayward.foundation.access.openers import Opener
        from dayward.foundation.access.openers import openers as chart_openers
        from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
        from dayward.foundation.people.services import merge_conflicts
        from dayward.kernel import facts as fact_registries
        from dayward.kernel.database import append_only_tables, erasable_tables, read_only_tables
        from dayward.kernel.events import subscribe
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
        followed = gettext_noop("the person has left treatment, and following them up is your work")
        after = Opener(
            "aftercare", followed, openers.is_followed, frozenset({"case_manager"}), openers.followed_of
        )
        chart_openers.register("aftercare", after)
        asked = gettext_noop("the person asked to stay in touch as alumni")
        alumni = Opener("alumni", asked, openers.is_alumni, frozenset({"alumni"}), openers.alumni_of)
        chart_openers.register("alumni", alumni)
        fact_registries.facts.register("journey", facts.facts)
        fact_registries.subjects.register("journey", facts.subjects)
        doings.register()
        subscribe(ConsentSigned, handlers.consent_signed)
        subscribe(ConsentRevoked, handlers.consent_revoked)
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
        navigation.register(
            navigation.NavItem(
                "aftercare",
                _("Aftercare"),
                "journey:aftercare_list",
                "heart-handshake",
                permission=permissions.AFTERCARE,
                order=60,
            )
        )
        navigation.register(
            navigation.NavItem(
                "alumni", _("Alumni"), "journey:alumni", "users", permission=permissions.ALUMNI, order=62
            )
        )
