"""What the consents of a person allow to be shared, with the reason (42 CFR 2.31-2.35; requirements 2.8, 7.4 (5))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dayward.foundation.consent.rules.kinds import (
    TPO_CLASSES,
    TPO_PURPOSES,
    Information,
    Kind,
    Purpose,
    RecipientClass,
)
from dayward.foundation.consent.rules.standing import Given, Standing, standing


@dataclass(frozen=True)
class Ask:
    """Somebody wants to share this, with them, for that."""

    information: frozenset[Information]
    purpose: Purpose
    recipient: str = ""
    recipient_person: str = ""  # public id
    recipient_class: RecipientClass = RecipientClass.NAMED


class Reason(StrEnum):
    """Why it may or may not be shared; ordered from the nearest miss to the farthest."""

    ALLOWED = "allowed"
    INFORMATION_NOT_COVERED = "information_not_covered"
    PURPOSE_NOT_COVERED = "purpose_not_covered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_SIGNED = "not_signed"
    DECLINED = "declined"
    NOTES_SEPARATE = "notes_separate"
    PROCEEDINGS_SEPARATE = "proceedings_separate"
    NOBODY_NAMED = "nobody_named"


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: Reason
    consent: str = ""  # id of the consent that allows it, or of the nearest miss


_NEAREST = list(Reason)
_STANDING = {
    Standing.REVOKED: Reason.REVOKED,
    Standing.EXPIRED: Reason.EXPIRED,
    Standing.OFFERED: Reason.NOT_SIGNED,
    Standing.PARTLY: Reason.NOT_SIGNED,
    Standing.DECLINED: Reason.DECLINED,
}


def allows(consents: Iterable[Given], ask: Ask, instant: datetime, today: date) -> Decision:
    """Whether one of the consents allows it now. One consent must allow it whole: they do not add up."""
    verdicts = [
        (_judge(consent, ask, instant, today), consent.id) for consent in consents if _names(consent, ask)
    ]
    if not verdicts:
        return Decision(False, _nobody(ask))
    reason, consent = min(verdicts, key=lambda verdict: _NEAREST.index(verdict[0]))
    return Decision(reason is Reason.ALLOWED, reason, consent)


def _nobody(ask: Ask) -> Reason:
    if Information.COUNSELING_NOTES in ask.information:
        return Reason.NOTES_SEPARATE
    return Reason.PROCEEDINGS_SEPARATE if ask.purpose is Purpose.PROCEEDINGS else Reason.NOBODY_NAMED


def _names(consent: Given, ask: Ask) -> bool:
    """Whether the consent is for this recipient, by person, by name, or by class for TPO."""
    if consent.kind is Kind.TPO:
        return ask.recipient_class in TPO_CLASSES
    if consent.kind in {Kind.TREATMENT, Kind.TELEHEALTH, Kind.ALUMNI}:
        return False  # nothing leaves the program by these
    if consent.recipient_person and ask.recipient_person:
        return consent.recipient_person == ask.recipient_person
    named = _plain(consent.recipient)
    return bool(named) and named == _plain(ask.recipient)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _judge(consent: Given, ask: Ask, instant: datetime, today: date) -> Reason:
    special = _wrong_form(consent, ask)
    if special:
        return special
    stands = standing(consent, instant, today)
    if stands is not Standing.ACTIVE:
        return _STANDING.get(stands, Reason.NOBODY_NAMED)
    if not _covers_purpose(consent, ask.purpose):
        return Reason.PURPOSE_NOT_COVERED
    return Reason.ALLOWED if _covers(consent, ask.information) else Reason.INFORMATION_NOT_COVERED


def _wrong_form(consent: Given, ask: Ask) -> Reason | None:
    """Counseling notes and proceedings ride on no other consent (2.31(b), (d))."""
    notes = Information.COUNSELING_NOTES in ask.information
    if notes and (consent.kind is not Kind.COUNSELING_NOTES or len(ask.information) > 1):
        return Reason.NOTES_SEPARATE
    if ask.purpose is Purpose.PROCEEDINGS and consent.kind is not Kind.PROCEEDINGS:
        return Reason.PROCEEDINGS_SEPARATE
    return None


def _covers_purpose(consent: Given, purpose: Purpose) -> bool:
    if consent.kind is Kind.TPO:
        return purpose in TPO_PURPOSES
    alone = {Purpose.PROCEEDINGS, Purpose.MONITORING}
    asked = Purpose.AT_REQUEST in consent.purposes and purpose not in alone
    return purpose in consent.purposes or asked


def _covers(consent: Given, information: frozenset[Information]) -> bool:
    """The whole record holds everything but the counseling notes; anything at all tells that the person is here."""
    covered = set(consent.information)
    if Information.RECORD in covered:
        covered |= set(Information) - {Information.COUNSELING_NOTES}
    if covered:
        covered.add(Information.PRESENCE)
    return bool(information) and information <= covered
