"""The packet: what a referral document says about one person, as plain values.

Every parser fills this and nothing else, so the preview, the summary line and the acceptance of a referral never
need to know whether a hospital sent FHIR or C-CDA. Dates keep the precision of the source: "1970", "1970-05",
"1970-05-01" or a full timestamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Coding:
    code: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a person. ``use`` is legal, usual, maiden, old, nickname, other or empty."""

    family: str = ""
    given: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    use: str = ""
    text: str = ""
    preferred: str = ""

    @property
    def plain(self) -> str:
        """Without the title: what a list is read by."""
        parts = " ".join(part for part in (*self.given, self.family, self.suffix) if part)
        return parts or self.text

    @property
    def full(self) -> str:
        parts = " ".join(part for part in (self.prefix, *self.given, self.family, self.suffix) if part)
        return parts or self.text


@dataclass(frozen=True, slots=True)
class Identifier:
    value: str
    system: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Telecom:
    """A way to reach somebody. ``kind`` is phone, email, fax, sms, pager, url or other."""

    value: str
    kind: str = "phone"
    use: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    use: str = ""

    @property
    def one_line(self) -> str:
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (*self.lines, self.city, place, self.country) if part)


@dataclass(frozen=True, slots=True)
class Patient:
    """Who the document is about. ``sex`` is male, female, other, unknown or None where the source does not say."""

    name: Name | None = None
    other_names: tuple[Name, ...] = ()
    birth_date: str | None = None
    sex: str | None = None
    gender_identity: str = ""
    pronouns: str = ""
    language: str = ""
    deceased: bool = False
    deceased_date: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedPerson:
    name: Name | None = None
    relationship: str = ""
    guardian: bool = False
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    text: str
    codings: tuple[Coding, ...] = ()
    status: str = ""
    onset: str | None = None
    abatement: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Medication:
    text: str
    codings: tuple[Coding, ...] = ()
    dose: str = ""
    status: str = ""
    start: str | None = None
    end: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Allergy:
    text: str
    codings: tuple[Coding, ...] = ()
    kind: str = ""
    reactions: tuple[str, ...] = ()
    status: str = ""
    onset: str | None = None


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit or a stay. For a stay, ``end`` is the discharge."""

    text: str = ""
    codings: tuple[Coding, ...] = ()
    kind: str = ""
    facility: str = ""
    start: str | None = None
    end: str | None = None
    disposition: str = ""
    reason: str = ""
    status: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    text: str
    codings: tuple[Coding, ...] = ()
    date: str | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Immunization:
    text: str
    codings: tuple[Coding, ...] = ()
    date: str | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    role: str = ""
    organization: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    payer: str
    member_id: str = ""
    plan: str = ""
    relationship: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class SecurityLabel:
    """A label that limits what may be done with the information. ``where`` says what it stands on."""

    code: str
    where: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the document (a scanned page, a PDF). Only its description: the original keeps the bytes."""

    media_type: str
    size: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    what: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """The document itself. ``format`` is "FHIR R4 bundle" or "C-CDA"."""

    format: str
    kind: str = ""
    title: str = ""
    code: str = ""
    date: str | None = None
    author: str = ""
    author_organization: str = ""
    custodian: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    document: Document
    patient: Patient
    related: tuple[RelatedPerson, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    medications: tuple[Medication, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    immunizations: tuple[Immunization, ...] = ()
    care_team: tuple[Provider, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    labels: tuple[SecurityLabel, ...] = ()
    none_known: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


INPATIENT = frozenset({"inpatient", "emergency", "observation"})
RECENT_DAYS = 60  # a bundle may hold a whole life: older stays are history, not where somebody comes from


def last_stay(packet: Packet, received: date) -> Encounter | None:
    """The stay this person comes from: the one the document is about, else a recent stay in a hospital."""
    main = [encounter for encounter in packet.encounters if encounter.main]
    if main:
        return main[0]
    told = whole_date(packet.document.date) or received
    stays = [stay for stay in packet.encounters if stay.kind in INPATIENT and _is_recent(stay, told)]
    return max(stays, key=lambda stay: (stay.end or stay.start or "")[:19], default=None)


def _is_recent(stay: Encounter, told: date) -> bool:
    day = whole_date(stay.end) or whole_date(stay.start)
    return day is not None and abs((told - day).days) <= RECENT_DAYS


def whole_date(written: str | None) -> date | None:
    """A date that is precise to the day, else nothing."""
    day = (written or "")[:10]
    return date.fromisoformat(day) if len(day) == 10 else None
