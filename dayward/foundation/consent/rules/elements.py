"""What a consent must say before it may be signed (42 CFR 2.31(a), (b), (d); 2.35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dayward.foundation.consent.rules.kinds import (
    RELEASING,
    TPO_PURPOSES,
    ExpiryEvent,
    Information,
    Kind,
    Purpose,
    Statement,
)


class Element(StrEnum):
    """One thing that is missing or does not fit."""

    PATIENT = "patient"
    DISCLOSER = "discloser"
    INFORMATION = "information"
    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    EXPIRY = "expiry"
    NO_END = "no_end"
    RIGHT_TO_REVOKE = "right_to_revoke"
    REDISCLOSURE = "redisclosure"
    REFUSING = "refusing"
    NOTES_SEPARATE = "notes_separate"
    PROCEEDINGS_SEPARATE = "proceedings_separate"
    MONITORING_SEPARATE = "monitoring_separate"
    IRREVOCABLE = "irrevocable"


@dataclass(frozen=True)
class Terms:
    """A consent as written, before or after signing."""

    kind: Kind
    patient: str
    discloser: str
    information: frozenset[Information] = frozenset()
    recipient: str = ""
    purposes: frozenset[Purpose] = frozenset()
    expires_on: date | None = None
    expiry_event: ExpiryEvent | None = None
    irrevocable_until: date | None = None
    irrevocable_event: ExpiryEvent | None = None
    statements: frozenset[Statement] = frozenset()


def missing(terms: Terms) -> tuple[Element, ...]:
    """The elements that are absent or may not stand so; nothing means that it may be signed."""
    return tuple(
        element
        for element, wanting in (
            *_everybody(terms),
            *_releasing(terms),
            *_separate(terms),
            *_statements(terms),
        )
        if wanting
    )


def _everybody(terms: Terms) -> tuple[tuple[Element, bool], ...]:
    return (
        (Element.PATIENT, not terms.patient.strip()),
        (Element.DISCLOSER, not terms.discloser.strip()),
        (Element.EXPIRY, terms.expires_on is None and terms.expiry_event is None),
        # "None" as an end is for treatment, payment and operations alone (2.31(a)(7)(ii)).
        (Element.NO_END, terms.expiry_event is ExpiryEvent.NONE and terms.kind is not Kind.TPO),
    )


def _releasing(terms: Terms) -> tuple[tuple[Element, bool], ...]:
    """2.31(a)(3)-(5): what, to whom, for what."""
    if terms.kind not in RELEASING:
        return ()
    return (
        (Element.INFORMATION, not terms.information),
        (Element.RECIPIENT, not terms.recipient.strip()),
        (Element.PURPOSE, not terms.purposes or (terms.kind is Kind.TPO and terms.purposes != TPO_PURPOSES)),
    )


def _separate(terms: Terms) -> tuple[tuple[Element, bool], ...]:
    """2.31(b), (d): counseling notes and proceedings stand alone; 2.35: only criminal justice binds."""
    notes = Information.COUNSELING_NOTES in terms.information
    only_notes = terms.information == {Information.COUNSELING_NOTES}
    is_notes = terms.kind is Kind.COUNSELING_NOTES
    binds = terms.irrevocable_until is not None or terms.irrevocable_event is not None
    return (
        (
            Element.NOTES_SEPARATE,
            (is_notes and bool(terms.information) and not only_notes) or (notes and not is_notes),
        ),
        (Element.PROCEEDINGS_SEPARATE, _alone(terms, Purpose.PROCEEDINGS, Kind.PROCEEDINGS)),
        (Element.MONITORING_SEPARATE, _alone(terms, Purpose.MONITORING, Kind.CRIMINAL_JUSTICE)),
        (Element.IRREVOCABLE, binds and not _may_bind(terms)),
    )


def _alone(terms: Terms, purpose: Purpose, kind: Kind) -> bool:
    """Whether a purpose stands in another form than its own, or its own form has another purpose."""
    if terms.kind is kind:
        return bool(terms.purposes) and terms.purposes != {purpose}
    return purpose in terms.purposes


def _may_bind(terms: Terms) -> bool:
    """2.35(c): a date or event that can be known, no later than the end of the case and of the consent itself."""
    if terms.kind is not Kind.CRIMINAL_JUSTICE or terms.irrevocable_event not in {
        None,
        ExpiryEvent.FINAL_DISPOSITION,
    }:
        return False
    if terms.irrevocable_until and terms.irrevocable_event:
        return False  # one or the other, so that everybody knows from when on it may be taken back
    return not (terms.irrevocable_until and terms.expires_on and terms.irrevocable_until > terms.expires_on)


def _statements(terms: Terms) -> tuple[tuple[Element, bool], ...]:
    """2.31(a)(6), (a)(10): what the wording has to tell the person."""
    said = terms.statements
    tpo = terms.kind is Kind.TPO
    return (
        (Element.RIGHT_TO_REVOKE, Statement.RIGHT_TO_REVOKE not in said),
        (Element.REDISCLOSURE, tpo and Statement.REDISCLOSURE not in said),
        (Element.REFUSING, tpo and Statement.REFUSING not in said),
    )
