"""The statement of risk (requirements 4.2 T7, T9; accreditation NPSG.15.01.01 EP3-EP4 asks for what is in it).

A statement is a clinician's judgment in their own words; nothing here computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dayward.chart.safety.rules.words import gettext_noop

NONE, ELEVATED, IMMINENT = "none", "elevated", "imminent"
LEVELS = (NONE, ELEVATED, IMMINENT)


@dataclass(frozen=True, slots=True)
class Question:
    """One text of the statement, and for which levels it must say something."""

    key: str
    title: str
    help: str
    needed_for: frozenset[str]


_ALWAYS = frozenset(LEVELS)
_POSITIVE = frozenset({ELEVATED, IMMINENT})

QUESTIONS: tuple[Question, ...] = (
    Question(
        "suicide",
        gettext_noop("Harm to self"),
        gettext_noop(
            "What was asked and what was said: thoughts, plan, intent, earlier attempts. A no is a finding too."
        ),
        _ALWAYS,
    ),
    Question(
        "violence",
        gettext_noop("Harm to others, harm by others"),
        gettext_noop("What was asked and what was said."),
        _ALWAYS,
    ),
    Question(
        "means",
        gettext_noop("Access to means"),
        gettext_noop("Firearms, medicines, anything else; what was agreed about it."),
        _POSITIVE,
    ),
    Question(
        "protective",
        gettext_noop("What protects"),
        gettext_noop("People, reasons, treatment, beliefs, plans."),
        _ALWAYS,
    ),
    Question(
        "action",
        gettext_noop("What follows from it"),
        gettext_noop("What was done, who knows, when it is looked at again."),
        _POSITIVE,
    ),
    Question(
        "emergency",
        gettext_noop("The emergency path: what was done"),
        gettext_noop("Who was called and when, who stayed with the person, where they went."),
        frozenset({IMMINENT}),
    ),
)
QUESTION_KEYS = tuple(question.key for question in QUESTIONS)

# What to do when risk is imminent, in order; shown the moment the level is chosen.
EMERGENCY_STEPS: tuple[str, ...] = (
    gettext_noop("Stay with the person, or stay on the line. They are not left alone."),
    gettext_noop("Danger now, or something taken: call 911. Say where you are first."),
    gettext_noop("Otherwise connect to 988 together: call or text 988, day and night; veterans press 1."),
    gettext_noop(
        "Tell the clinician on call before the visit ends, and the emergency contact where consent allows."
    ),
    gettext_noop("Write down below who was called and when, and what came of it."),
)


def positive(level: str) -> bool:
    """A level that needs a safety plan."""
    return level in _POSITIVE


def missing(level: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """What a statement must still say before it can be signed, as sentences."""
    if level not in LEVELS:
        return (gettext_noop("Choose the level of risk."),)
    return tuple(
        question.title
        for question in QUESTIONS
        if level in question.needed_for and not texts.get(question.key, "").strip()
    )
