"""What is written in a discharge summary or a transfer packet beside what the record tells (2.7, T19, T22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from dayward.chart.casework.rules.words import gettext_noop


class Kind(StrEnum):
    DISCHARGE = "discharge"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts; `kinds` says in which papers it is asked."""

    key: str
    title: str
    help: str
    kinds: frozenset[Kind] = frozenset(Kind)


TEXTS: tuple[Text, ...] = (
    Text(
        "reason",
        gettext_noop("Reason for treatment, and for its end here"),
        gettext_noop("Why the person came, and why it ends or goes on elsewhere"),
    ),
    Text(
        "course",
        gettext_noop("Course of treatment"),
        gettext_noop("What was done, what changed, what the person says helped"),
    ),
    Text(
        "condition",
        gettext_noop("Condition now"),
        gettext_noop("How the person is today, risk included"),
    ),
    Text(
        "recommendations",
        gettext_noop("What we recommend"),
        gettext_noop("Care from here on, and what to watch for"),
    ),
    Text(
        "recipient",
        gettext_noop("Who receives it"),
        gettext_noop("The program or hospital, named as in the consent"),
        frozenset({Kind.TRANSFER}),
    ),
)

#: What a transfer packet shares, in the words of the consent.
SHARED = frozenset(
    {
        "presence",
        "attendance",
        "diagnosis",
        "medications",
        "test_results",
        "plan",
        "progress",
        "safety_plan",
    }
)


#: A packet older than this at the hand-off was of an earlier one: what it says of risk and medication is old (T19).
PACKET_HOLDS = timedelta(days=7)


def same_receiver(one: str, other: str) -> bool:
    """As consents compare names: capitals and spaces do not count."""
    return one.casefold().split() == other.casefold().split()


def texts_of(kind: Kind) -> tuple[Text, ...]:
    """The texts of one kind of paper, in its order."""
    return tuple(text for text in TEXTS if kind in text.kinds)


def missing(kind: Kind, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Titles of what has to be written before it is signed."""
    return tuple(text.title for text in texts_of(kind) if not texts.get(text.key, "").strip())


def is_sent_with_notice(basis: str, *, under_part_two: bool) -> bool:
    """The statement of 2.32 goes with a disclosure by consent, and only where Part 2 applies."""
    return basis == "consent" and under_part_two
