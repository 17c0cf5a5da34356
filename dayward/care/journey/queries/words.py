"""The rules' answers in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.care.journey.models import Handoff
from dayward.care.journey.rules.screening import Outcome, RedFlag, Route, Suggestion

HANDOFF_ROUTES = {
    Route.EMERGENCY: Handoff.Route.EMERGENCY,
    Route.WITHDRAWAL: Handoff.Route.WITHDRAWAL,
    Route.MEDICAL: Handoff.Route.MEDICAL,
    Route.HIGHER_LEVEL: Handoff.Route.HIGHER,
}


@dataclass(frozen=True)
class FlagWords:
    """A red flag for a screen."""

    sentence: str
    next_step: str
    route: str  # of the hand-off form


@dataclass(frozen=True)
class SuggestionWords:
    """A suggestion for a screen."""

    outcome: str
    red_flags: tuple[FlagWords, ...]
    reasons: tuple[str, ...]
    to_ask: tuple[str, ...]


def outcome_words(outcome: Outcome | None) -> str:
    if outcome is None:
        return _("Nothing yet.")
    return {
        Outcome.ASSESS: _("Book an assessment."),
        Outcome.REFER_OUT: _("Refer out, with a warm hand-off."),
        Outcome.WAIT: _("Wait, and stay in touch."),
    }[outcome]


def flag_words(flag: RedFlag) -> FlagWords:
    return FlagWords(_(flag.sentence), _(flag.next_step), HANDOFF_ROUTES[flag.route].value)


def suggestion_words(suggestion: Suggestion) -> SuggestionWords:
    return SuggestionWords(
        outcome_words(suggestion.outcome),
        tuple(flag_words(flag) for flag in suggestion.red_flags),
        tuple(_(reason) for reason in suggestion.reasons),
        tuple(_(text) for text in suggestion.to_ask),
    )


def length_words(waited: timedelta) -> str:
    """ "3 days 4 hours", to the precision somebody needs who looks at a queue."""
    hours = int(waited.total_seconds() // 3600)
    if hours < 1:
        minutes = int(waited.total_seconds() // 60)
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if hours < 24:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
