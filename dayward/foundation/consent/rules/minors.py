"""Who signs for a person under age, and what a guardian may see (42 CFR 2.14; state settings).

State settings are data with effective dates. A value marked M (not verified in the statute) warns and never blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dayward.foundation.consent.rules.kinds import RELEASING, Kind

ADULT = 18


class Care(StrEnum):
    """What kind of care it is: states set different ages."""

    MENTAL_HEALTH = "mental_health"
    SUBSTANCE_USE = "substance_use"


# A program not known to be outside 42 CFR Part 2 is treated as inside it.
UNKNOWN_CARE = frozenset(Care)


@dataclass(frozen=True)
class MinorRule:
    """From which age a minor alone may consent to one kind of care in one state."""

    state: str
    care: Care
    age: int
    effective_from: date
    effective_to: date | None  # exclusive
    mark: str  # "V" verified in the statute, "M" to be checked
    source: str

    def on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


class Signers(StrEnum):
    PATIENT = "patient"
    GUARDIAN = "guardian"
    BOTH = "both"


class Caution(StrEnum):
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    STATE_NOT_KNOWN = "state_not_known"
    CHECK_STATE_LAW = "check_state_law"


@dataclass(frozen=True)
class WhoSigns:
    signers: Signers
    caution: Caution | None = None
    guardian_accepted: bool = False  # a guardian's signature is accepted too, since the rule is not verified


@dataclass(frozen=True)
class Minor:
    """The facts that the questions below need."""

    age: int | None
    state: str
    cares: frozenset[Care] = UNKNOWN_CARE
    adult_age: int = ADULT


def who_signs(person: Minor, kind: Kind, rules: Iterable[MinorRule], day: date) -> WhoSigns:
    """Who has to sign a form of `kind`.

    2.14(b): where the minor alone may consent, only the minor signs. 2.14(c): where a guardian's consent is
    needed, a release needs both; treatment itself needs the guardian.
    """
    if person.age is None:
        return WhoSigns(Signers.PATIENT, Caution.BIRTH_DATE_UNKNOWN)
    if person.age >= person.adult_age:
        return WhoSigns(Signers.PATIENT)
    by_care = _in_force(person, rules, day)
    if by_care and all(_alone(person.age, by_care.get(care)) for care in person.cares):
        unverified = any(rule.mark != "V" for rule in by_care.values())
        caution = Caution.CHECK_STATE_LAW if unverified else None
        return WhoSigns(Signers.PATIENT, caution, guardian_accepted=unverified)
    needed = Signers.BOTH if kind in RELEASING else Signers.GUARDIAN
    return WhoSigns(needed, _guardian_caution(person.age, by_care))


def guardian_sees(person: Minor, rules: Iterable[MinorRule], day: date, *, named_by_person: bool) -> bool:
    """Whether a guardian may see what is the person's; `named_by_person`: a current consent names them.

    Fails closed: unknown age, unknown state, or care to which the minor alone may consent shows nothing.
    """
    if named_by_person:
        return True
    if person.age is None or person.age >= person.adult_age:
        return False
    by_care = _in_force(person, rules, day)
    if set(by_care) != set(person.cares):
        return False
    return not any(_alone(person.age, rule) for rule in by_care.values())


def _in_force(person: Minor, rules: Iterable[MinorRule], day: date) -> dict[Care, MinorRule]:
    return {
        rule.care: rule
        for rule in rules
        if rule.state == person.state and rule.care in person.cares and rule.on(day)
    }


def _alone(age: int, rule: MinorRule | None) -> bool:
    return rule is not None and age >= rule.age


def _guardian_caution(age: int, by_care: dict[Care, MinorRule]) -> Caution | None:
    if not by_care:
        return Caution.STATE_NOT_KNOWN
    near = any(_alone(age, rule) for rule in by_care.values())
    return Caution.CHECK_STATE_LAW if near or any(rule.mark != "V" for rule in by_care.values()) else None
