"""The header of a C-CDA document: who it is about, who sends it, which stay it describes, who took care."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dayward.care.referrals.outcome import NO_IDENTITY, NO_PATIENT, CannotRead
from dayward.care.referrals.packet import Document, Encounter, Name, Patient, Provider, RelatedPerson
from dayward.care.referrals.parsers.ccda_codes import visit_kind
from dayward.care.referrals.parsers.ccda_xml import (
    Narrative,
    addresses,
    first_text,
    identifiers,
    is_null,
    names_of,
    organization_name,
    telecoms,
)
from dayward.care.referrals.parsers.notes import shown
from dayward.care.referrals.parsers.tree import Element
from dayward.care.referrals.parsers.values import clean, day_of, sex_of

_KINDS = {
    "18842-5": "Discharge summary",
    "11490-0": "Discharge summary",
    "57133-1": "Referral note",
    "34133-9": "Continuity of care document",
    "11488-4": "Consultation note",
    "52521-2": "Care plan",
    "18761-7": "Transfer summary",
    "34117-2": "History and physical",
    "11506-3": "Progress note",
}
_UNKNOWN_SEX = frozenset({"UNK", "ASKU", "NASK", "NAV"})
_NAME_ORDER = ("legal", "", "other", "nickname", "old", "maiden")
_RELATED_CLASSES = frozenset({"NOK", "PRS", "ECON", "CAREGIVER", "GUARD", "GUAR", "AGNT"})


def read_document(root: Element, narrative: Narrative) -> Document:
    code = root.find("code")
    author = root.find("author/assignedAuthor")
    person = author.find("assignedPerson") if author is not None else None
    names = names_of(person) if person is not None else []
    device = first_text(author, "assignedAuthoringDevice/softwareName")
    return Document(
        format="C-CDA",
        kind=_KINDS.get(clean(code.get("code")) if code is not None else "", narrative.coded_words(code)),
        title=first_text(root, "title"),
        code=clean(code.get("code")) if code is not None else "",
        date=narrative.moment(root.find("effectiveTime"), "The date of the document"),
        author=names[0].full if names else device,
        author_organization=organization_name(root.find("author/assignedAuthor/representedOrganization"))
        or organization_name(root.find("recordTarget/patientRole/providerOrganization")),
        custodian=organization_name(
            root.find("custodian/assignedCustodian/representedCustodianOrganization")
        ),
        identifier=next((identifier.value for identifier in identifiers(root)), ""),
    )


# ---------------------------------------------------------------- the patient


def read_patient(root: Element, narrative: Narrative) -> Patient:
    """Who the document is about. Raises when nobody is named, neither by name nor by identifier."""
    targets = [role for role in root.iterfind("recordTarget/patientRole") if not is_null(role)]
    if not targets:
        raise CannotRead(NO_PATIENT, "This document names no patient, so there is nobody to refer.")
    if len(targets) > 1:
        narrative.notes.problem(
            f"The document names {len(targets)} patients; it was read as the first one's."
        )
    role = targets[0]
    person = role.find("patient")
    names = (
        sorted(names_of(person), key=lambda name: _NAME_ORDER.index(name.use)) if person is not None else []
    )
    found = identifiers(role)
    if not names and not found:
        raise CannotRead(
            NO_IDENTITY,
            "The patient in this document has neither a name nor an identifier, so nobody can say who it is.",
        )
    _say_what_is_missing(names, narrative)
    return _patient(role, person, names, narrative)


def _patient(role: Element, person: Element | None, names: list[Name], narrative: Narrative) -> Patient:
    died = died_on = None
    if person is not None:
        died = next(
            (person.find(tag) for tag in ("sdtc_deceasedInd", "deceasedInd") if person.find(tag) is not None),
            None,
        )
        died_on = narrative.moment(person.find("sdtc_deceasedTime"), "The date of death")
    return Patient(
        name=names[0] if names else None,
        other_names=tuple(dict.fromkeys(names[1:])),
        birth_date=_birth_date(person, narrative),
        sex=_sex(person, narrative),
        language=_language(person, narrative),
        deceased=died_on is not None or (died is not None and died.get("value") == "true"),
        deceased_date=day_of(died_on) or None,
        identifiers=identifiers(role),
        telecoms=telecoms(role),
        addresses=addresses(role),
    )


def _say_what_is_missing(names: list[Name], narrative: Narrative) -> None:
    if not names:
        narrative.notes.problem(
            "The patient has no name in this document; only an identifier says who it is."
        )
        return
    for missing, there in (("family name", names[0].family), ("given name", names[0].given)):
        if not there:
            narrative.notes.problem(f"The patient has no {missing} in this document.")
    if names[0].text and not names[0].suffix and names[0].text != names[0].family:
        narrative.notes.problem(
            f"The name stands only as “{shown(names[0].text)}”; check which part is the family name."
        )


def _birth_date(person: Element | None, narrative: Narrative) -> str | None:
    written = person.find("birthTime") if person is not None else None
    moment = narrative.moment(written, "The patient's birth date")
    if moment is None and (written is None or is_null(written) or not written.get("value")):
        narrative.notes.problem("The patient has no birth date in this document.")
    return day_of(moment) or None


def _sex(person: Element | None, narrative: Narrative) -> str | None:
    element = person.find("administrativeGenderCode") if person is not None else None
    code = clean(element.get("code")) if element is not None else ""
    if element is None or (is_null(element) and not code):
        flavor = element.get("nullFlavor") if element is not None else None
        if flavor == "OTH":
            return "other"
        narrative.notes.problem("The document does not say the patient's sex.")
        return "unknown" if flavor in _UNKNOWN_SEX else None
    sex = sex_of(code)
    if sex is None:
        words = narrative.coded_words(element)
        aside = f" (beside it stands “{shown(words)}”)" if words else ""
        narrative.notes.problem(
            f"The patient's sex is written as “{shown(code)}”, which is no known code{aside}; ask."
        )
    return sex


def _language(person: Element | None, narrative: Narrative) -> str:
    spoken = person.findall("languageCommunication") if person is not None else []
    preferred = [entry for entry in spoken if _is_preferred(entry)]
    for entry in preferred or spoken:
        code = entry.find("languageCode")
        written = clean(code.get("code")) if code is not None else ""
        if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", written):
            return written
        if written:
            narrative.notes.problem(
                f"The patient's language is written as “{shown(written)}”, which is no known code."
            )
    return ""


def _is_preferred(entry: Element) -> bool:
    mark = entry.find("preferenceInd")
    return mark is not None and mark.get("value") == "true"


# ---------------------------------------------------------------- people around


def read_related(root: Element, narrative: Narrative) -> tuple[RelatedPerson, ...]:
    """Guardians, and the people and contacts named as participants."""
    return tuple(dict.fromkeys(_related(root, narrative)))


def _related(root: Element, narrative: Narrative) -> Iterator[RelatedPerson]:
    for guardian in root.iterfind("recordTarget/patientRole/patient/guardian"):
        person = guardian.find("guardianPerson")
        names = names_of(person) if person is not None else []
        organization = organization_name(guardian.find("guardianOrganization"))
        if names or organization:
            yield RelatedPerson(
                name=names[0] if names else Name(text=organization),
                relationship=narrative.coded_words(guardian.find("code")) or "guardian",
                guardian=True,
                telecoms=telecoms(guardian),
                addresses=addresses(guardian),
            )
    for entity in root.iterfind("participant/associatedEntity"):
        person = entity.find("associatedPerson")
        names = names_of(person) if person is not None else []
        if names and entity.get("classCode") in _RELATED_CLASSES:
            yield RelatedPerson(
                name=names[0],
                relationship=narrative.coded_words(entity.find("code")),
                guardian=entity.get("classCode") == "GUARD",
                telecoms=telecoms(entity),
                addresses=addresses(entity),
            )


def read_care_team(root: Element, narrative: Narrative) -> tuple[Provider, ...]:
    """Whoever the header names as caring for the person; each once, under the first role given."""
    found: dict[str, Provider] = {}
    for provider in _providers(root, narrative):
        known = found.get(provider.name)
        if known is None or (not known.role and provider.role):
            found[provider.name] = provider
    return tuple(found.values())


def _providers(root: Element, narrative: Narrative) -> Iterator[Provider]:
    for performer in root.iterfind("documentationOf/serviceEvent/performer"):
        yield from _provider(performer, narrative, "")
    for performer in root.iterfind("component/structuredBody//organizer/component/act/performer"):
        yield from _provider(performer, narrative, "")
    stay = root.find("componentOf/encompassingEncounter")
    if stay is not None:
        for responsible in stay.iterfind("responsibleParty"):
            yield from _provider(responsible, narrative, "Responsible for the stay")
        for participant in stay.iterfind("encounterParticipant"):
            yield from _provider(
                participant, narrative, _STAY_ROLES.get(participant.get("typeCode") or "", "")
            )


_STAY_ROLES = {
    "ATND": "Attending",
    "ADM": "Admitting",
    "DIS": "Discharging",
    "CON": "Consulting",
    "REF": "Referring",
}


def _provider(holder: Element, narrative: Narrative, role: str) -> Iterator[Provider]:
    entity = holder.find("assignedEntity")
    person = entity.find("assignedPerson") if entity is not None else None
    if entity is None or person is None:
        return
    names = names_of(person)
    if not names:
        return
    function = next(
        (holder.find(tag) for tag in ("functionCode", "sdtc_functionCode") if holder.find(tag) is not None),
        None,
    )
    phones = [reach.value for reach in telecoms(entity) if reach.kind == "phone"]
    yield Provider(
        name=names[0].full,
        role=narrative.coded_words(function) or role or narrative.coded_words(entity.find("code")),
        organization=organization_name(entity.find("representedOrganization")),
        phone=phones[0] if phones else "",
    )


# ---------------------------------------------------------------- the stay


def read_stay(root: Element, narrative: Narrative) -> tuple[Encounter, frozenset[str]] | None:
    """The encounter the document is about, with its identifiers, for finding it again among the entries."""
    stay = root.find("componentOf/encompassingEncounter")
    if stay is None or is_null(stay):
        return None
    start, end = narrative.interval(stay.find("effectiveTime"), "The stay")
    place = stay.find("location/healthCareFacility")
    facility = ""
    if place is not None:
        facility = organization_name(place.find("location")) or organization_name(
            place.find("serviceProviderOrganization")
        )
    code = stay.find("code")
    words, codings = narrative.coded_words(code), narrative.codings(code)
    disposition = narrative.coded_words(stay.find("dischargeDispositionCode"))
    encounter = Encounter(
        text=words,
        codings=codings,
        kind=visit_kind(codings, words) or ("inpatient" if disposition else ""),
        facility=facility,
        start=start,
        end=end,
        disposition=disposition,
        main=True,
    )
    return encounter, frozenset(f"{item.system}|{item.value}" for item in identifiers(stay))
