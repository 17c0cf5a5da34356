"""What the person reads after an answer about suicide; our own words (measures.md section 5).

Never a score, never a label, never a red screen; the form goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

from dayward.chart.safety.rules.words import gettext_noop

BEFORE = gettext_noop(
    "Your team reads your answers, but not at every hour. If you need help now, call or text 988, day and night, "
    "or call 911."
)
THANKS = gettext_noop("Thank you for telling us. Your team reads this.")
NOW = gettext_noop(
    "If you might act on these thoughts now, call or text 988 (24/7, free), chat at 988lifeline.org, or call 911."
)
VETERANS = gettext_noop("Veterans: call 988 and press 1, or text 838255.")
SPANISH = gettext_noop("For Spanish, press 2.")
# In Spanish the word is AYUDA (crisistextline.org, October 15, 2021; said again in its release of October 16, 2023).
TEXT_LINE = gettext_noop("You can also text HOME to 741741.")
STAY = gettext_noop("Stay with us. Someone is coming or calling.")
TODAY = gettext_noop("Your team will talk with you today.")


@dataclass(frozen=True, slots=True)
class Card:
    """`at_once`: before anything else; otherwise quietly beside the next page."""

    at_once: bool
    lines: tuple[str, ...]


def card(risk_class: str) -> Card | None:
    """The card by the class of the alert; None where the person sees nothing."""
    help_lines = (NOW, VETERANS, SPANISH, TEXT_LINE)
    if risk_class == "acute":
        return Card(True, (THANKS, STAY, *help_lines))
    if risk_class == "same_day":
        return Card(True, (THANKS, TODAY, *help_lines))
    return Card(False, (THANKS, *help_lines)) if risk_class == "review" else None
