from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class JourneyConfig(AppConfig):
    name = "dayward.care.journey"
    label = "journey"

    def ready(self) -> None:
        from dayward.care.journey import checks, declared, doings, evidence, panels, setup_moves
        from dayward.foundation.organization.declared import groups
        from dayward.kernel.database import append_only_tables, erasable_tables, read_only_tables
        from dayward.kernel.setup import Step, after_migrate

        checks.install()
        groups.register("journey", declared.GROUP)
        evidence.register()
        panels.register()
        doings.register()
        append_only_tables("journey_transition", "journey_payerword", "journey_reopening")
        read_only_tables("journey_move")
        erasable_tables("journey_publicinquirycount")
        after_migrate.register("journey.moves", Step("writing the state machine", setup_moves.load_moves))
        self._charts()
        self._facts_and_events()
        self._navigation()

    def _charts(self) -> None:
        """Whose charts the way opens, and what forbids that two rows are one person."""
        from dayward.care.journey import openers
        from dayward.care.journey.belonging import JourneyBelonging
        from dayward.foundation.access.openers import Opener
        from dayward.foundation.access.openers import openers as chart_openers
        from dayward.foundation.access.programs import belonging
        from dayward.foundation.people.services import merge_conflicts

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
        merge_conflicts.register("journey", openers.both_open)
        belonging.register("journey", JourneyBelonging())

    def _facts_and_events(self) -> None:
        """What standards are told, and what is heard from below."""
        from dayward.care.catalog.events import Closes
        from dayward.care.journey import facts, handlers
        from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
        from dayward.kernel import facts as fact_registries
        from dayward.kernel.events import subscribe

        for word, teller in facts.TELLERS.items():
            fact_registries.facts.register(word, teller)
        fact_registries.subjects.register("journey", facts.subjects)
        subscribe(Closes, handlers.closes)
        subscribe(ConsentSigned, handlers.consent_signed)
        subscribe(ConsentRevoked, handlers.consent_revoked)

    def _navigation(self) -> None:
        from dayward.care.journey import permissions
        from dayward.ui.navigation import NavItem, register, under

        register(
            NavItem(
                "pipeline", _("Intake"), "journey:pipeline", "layout-kanban", permissions.PIPELINE, order=20
            )
        )
        register(
            NavItem(
                "aftercare",
                _("Aftercare"),
                "journey:aftercare_list",
                "heart-handshake",
                permissions.AFTERCARE,
                order=60,
            )
        )
        register(NavItem("alumni", _("Alumni"), "journey:alumni", "users", permissions.ALUMNI, order=62))
        under("aftercare", "journey:aftercare", "journey:call")
        under("setup", "journey:policy")
