"""The calls along the way: when one of them counts as made, and what somebody hears in it.

The days on which calls are due stand in the rule packs of standards; here are only their names and order
(requirements 1.6 day 3 and day 7; 4.2 T24: 72 hours, 7, 30, 90, 180 and 365 days).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dayward.care.journey.rules.words import gettext_noop

FIRST_WEEK = {"day3": gettext_noop("Day 3"), "day7": gettext_noop("Day 7")}
AFTERCARE = {
    "72h": gettext_noop("72 hours"),
    "7d": gettext_noop("7 days"),
    "30d": gettext_noop("30 days"),
    "90d": gettext_noop("90 days"),
    "180d": gettext_noop("180 days"),
    "365d": gettext_noop("One year"),
}
SLOTS = {**FIRST_WEEK, **AFTERCARE}

#: Outcomes after which nothing more can be done about this call.
SETTLING = frozenset({"reached", "left_message", "wrong_number", "declined", "sent"})
TRIES = 3  # so often nobody answered: the call was tried

#: What may say that somebody is slipping (3.12, 5): any of it asks for a warm hand-back.
WARNING_SIGNS = {
    "use": gettext_noop("Using again, or strong cravings"),
    "mood": gettext_noop("Mood or anxiety clearly worse"),
    "sleep": gettext_noop("Sleep or eating falling apart"),
    "alone": gettext_noop("Drawing back from people"),
    "medication": gettext_noop("Stopped taking medication"),
    "missed": gettext_noop("Missed appointments after discharge"),
    "housing": gettext_noop("Losing housing or work"),
    "unsafe": gettext_noop("Thoughts of suicide or of harming somebody"),
}
EMERGENCY_SIGN = "unsafe"


def settled_by(outcomes: Sequence[str]) -> int | None:
    """The place of the try that settles a call, in the order of time; None while it is still to be made.

    One that reached the person or left a message settles it; so does the third without an answer (T24).
    """
    for place, outcome in enumerate(outcomes):
        if outcome in SETTLING or place + 1 >= TRIES:
            return place
    return None


def next_slot(settled: Collection[str], slots: Sequence[str] = tuple(AFTERCARE)) -> str:
    """The first call that is still to be made; after the last one, the last."""
    return next((slot for slot in slots if slot not in settled), slots[-1])
