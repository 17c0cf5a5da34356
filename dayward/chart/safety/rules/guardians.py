"""Whether an alert about somebody under age asks for the guardian (measures.md section 5, must-have 6).

For which classes is data (library/guardians). Whether a guardian may know is for consent to say: by state settings,
or since the young person named them. Nothing here tells anybody: a clinician does, or says why not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ADULT = 18
ANY = "any"


@dataclass(frozen=True, slots=True)
class Policy:
    """For which classes of alerts a guardian is asked for, and for which a neutral mail leaves at once."""

    ask: frozenset[str]
    mail: frozenset[str]
    source: str


def policy_of(table: Mapping[str, Policy], state: str) -> Policy:
    return table.get(state) or table[ANY]


def asks(policy: Policy, age: int | None, risk_class: str) -> bool:
    """Of somebody whose age is not known nothing is asked: an adult's parents have no part in it."""
    return age is not None and age < ADULT and risk_class in policy.ask


def mails(policy: Policy, age: int | None, risk_class: str) -> bool:
    return asks(policy, age, risk_class) and risk_class in policy.mail
