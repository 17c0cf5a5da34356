"""The safety plan: our own headings and words, six things that help and what the person lives for.

That planning for a crisis together with the person helps is published (PMC6142908); no form is copied here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dayward.chart.safety.rules.words import gettext_noop


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the plan. `needed` parts must say something before it is signed."""

    key: str
    title: str
    help: str
    needed: bool = True


PARTS: tuple[Part, ...] = (
    Part(
        "warning_signs",
        gettext_noop("How I notice that it is getting hard"),
        gettext_noop("Thoughts, feelings, situations or things I do that come before a crisis."),
    ),
    Part(
        "own_steps",
        gettext_noop("What I can do by myself"),
        gettext_noop("Things that have taken the edge off before, without needing anybody."),
    ),
    Part(
        "places_and_people",
        gettext_noop("Where I can go and be among people"),
        gettext_noop("Places and company that take my mind off it; nobody there has to know."),
        needed=False,
    ),
    Part(
        "people_to_ask",
        gettext_noop("Whom I can tell and ask for help"),
        gettext_noop("Names and numbers of people I trust."),
    ),
    Part(
        "professionals",
        gettext_noop("Professionals and lines I can reach"),
        gettext_noop(
            "Therapist, clinic, on-call number. 988 by call or text day and night; 911 for danger now."
        ),
    ),
    Part(
        "safer_surroundings",
        gettext_noop("Making my surroundings safer"),
        gettext_noop(
            "Medicines, firearms, alcohol, anything else that was thought of: what is put away, by whom, since "
            "when. If there is nothing, say that it was asked."
        ),
    ),
    Part(
        "reasons_to_live",
        gettext_noop("What I live for"),
        gettext_noop("People, animals, plans, beliefs: what is worth getting through tonight for."),
        needed=False,
    ),
)
PLAN_KEYS: tuple[str, ...] = tuple(part.key for part in PARTS)


def missing(texts: Mapping[str, str]) -> tuple[Part, ...]:
    """Parts that must still say something."""
    return tuple(part for part in PARTS if part.needed and not texts.get(part.key, "").strip())


def holds_for(signed_on: date | None, opened_on: date) -> bool:
    """Whether a plan answers a positive statement of this way in: signed, and gone through since it opened (T7).

    A plan from an earlier treatment is gone through again: signing it anew takes a minute when nothing changed.
    """
    return signed_on is not None and signed_on >= opened_on
