"""How an alert is closed: by documentation, never by a click (measures.md section 5, must-have 4; NPSG.15.01.01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dayward.chart.safety.rules.risk import ELEVATED, LEVELS
from dayward.chart.safety.rules.words import gettext_noop

WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the documentation. `briefly` also for an alert that only stands on the team's list."""

    key: str
    title: str
    help: str
    briefly: bool = False


PARTS: tuple[Part, ...] = (
    Part(
        "contact",
        gettext_noop("Contact with the person"),
        gettext_noop("Who spoke with them, when and how: in person, by phone, by video."),
    ),
    Part(
        "findings",
        gettext_noop("Assessment used and findings"),
        gettext_noop("What was asked and what was said: thoughts, plan, intent, earlier attempts."),
        briefly=True,
    ),
    Part("protective", gettext_noop("What protects"), gettext_noop("People, reasons, treatment, plans.")),
    Part(
        "means",
        gettext_noop("Access to means"),
        gettext_noop("Firearms, medicines, anything else; what was agreed about it."),
    ),
    Part(
        "actions",
        gettext_noop("What was done"),
        gettext_noop(
            "Safety plan made or gone through, level of care, family with consent, emergency services."
        ),
        briefly=True,
    ),
    Part(
        "reassess",
        gettext_noop("What follows, and when risk is looked at again"),
        gettext_noop("By whom and how."),
        briefly=True,
    ),
)
PART_KEYS = tuple(part.key for part in PARTS)
NO_LEVEL = gettext_noop("The level of risk, in your judgment")
NO_DAY = gettext_noop("The day of the next look")
NOT_CONTACTED = gettext_noop("Contact with the person must be recorded first")
NO_GUARDIAN = gettext_noop("The guardian: told, or why not")
NO_PLAN = gettext_noop("A safety plan, signed since the alert was raised")


def missing(
    risk_class: str,
    level: str,
    has_day: bool,
    contacted: bool,
    has_plan: bool,
    texts: Mapping[str, str],
    guardian_owed: bool = False,
) -> tuple[str, ...]:
    """What must still be said before the alert can be closed, as short sentences.

    `has_plan`: a safety plan was signed since the alert was raised; elevated risk is not closed without one.
    `guardian_owed`: the person is under age, and nobody said yet whether a guardian was told.
    """
    brief = risk_class == WATCH
    gaps = [
        part.title for part in PARTS if (part.briefly or not brief) and not texts.get(part.key, "").strip()
    ]
    if level not in LEVELS:
        gaps.append(NO_LEVEL)
    if not has_day:
        gaps.append(NO_DAY)
    if not contacted and not brief:
        gaps.append(NOT_CONTACTED)
    if guardian_owed:
        gaps.append(NO_GUARDIAN)
    if level == ELEVATED and not has_plan:
        gaps.append(NO_PLAN)
    return tuple(gaps)
