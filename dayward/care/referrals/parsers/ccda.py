"""C-CDA documents, R1.1 and R2.1: from the XML tree to the packet."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from dayward.care.referrals import distinct
from dayward.care.referrals.packet import (
    Attachment,
    Diagnosis,
    Encounter,
    Medication,
    Packet,
    Patient,
    Section,
)
from dayward.care.referrals.parsers.ccda_entries import Entries
from dayward.care.referrals.parsers.ccda_header import (
    read_care_team,
    read_document,
    read_patient,
    read_related,
    read_stay,
)
from dayward.care.referrals.parsers.ccda_labels import labels_of, say_where_text_mentions_part2
from dayward.care.referrals.parsers.ccda_sections import SectionOf, sections_of
from dayward.care.referrals.parsers.ccda_xml import Narrative, section_text
from dayward.care.referrals.parsers.notes import Notes
from dayward.care.referrals.parsers.tree import HL7, Element, namespace, plain_names
from dayward.care.referrals.parsers.values import clean, day_of, readable

_DIAGNOSIS_SECTIONS = ("problems", "discharge diagnosis", "admission diagnosis", "assessment", "history")
_MEDICATION_SECTIONS = (
    "discharge medications",
    "medications",
    "admission medications",
    "administered medications",
)


def read_ccda(root: Element, notes: Notes) -> Packet:
    """The packet of a C-CDA document. Raises for what must be refused; everything else is kept or explained."""
    _check_root(root, notes)
    plain_names(root)
    narrative = Narrative(root, notes)
    patient = read_patient(root, narrative)
    sections = sections_of(root)
    entries = Entries(narrative)
    encounters, visit_diagnoses = _encounters(root, sections, entries, narrative)
    packet = Packet(
        document=read_document(root, narrative),
        patient=_with_social_history(patient, sections, narrative),
        related=read_related(root, narrative),
        diagnoses=_diagnoses(sections, entries, visit_diagnoses),
        medications=_medications(sections, entries),
        allergies=tuple(
            item for section in _of(sections, "allergies") for item in entries.allergies(section)
        ),
        encounters=encounters,
        procedures=tuple(
            item for section in _of(sections, "procedures") for item in entries.procedures(section)
        ),
        immunizations=tuple(
            item for section in _of(sections, "immunizations") for item in entries.immunizations(section)
        ),
        care_team=read_care_team(root, narrative),
        coverage=tuple(item for section in _of(sections, "payers") for item in entries.coverage(section)),
        labels=labels_of(root, sections, narrative),
        none_known=tuple(entries.none_known),
        sections=_texts(sections) + _unstructured_text(root, notes),
        attachments=_attachments(root, notes),
    )
    say_where_text_mentions_part2(sections, narrative)
    _say_what_was_not_read(sections, root, notes)
    return distinct.once(packet, notes)


def _check_root(root: Element, notes: Notes) -> None:
    if namespace(root) != HL7:
        notes.problem("The document does not name HL7's namespace; it was read by the names of its parts.")
    if not templates_of_document(root):
        notes.problem("The document does not say that it follows C-CDA; it was read all the same.")


def templates_of_document(root: Element) -> bool:
    claimed = [child.get("root") or "" for child in root if str(child.tag).rpartition("}")[2] == "templateId"]
    return any(number.startswith("2.16.840.1.113883.10.20.22.1.") for number in claimed)


def _of(sections: list[SectionOf], *kinds: str) -> list[SectionOf]:
    return [section for kind in kinds for section in sections if section.kind == kind]


# ---------------------------------------------------------------- entries


def _diagnoses(
    sections: list[SectionOf], entries: Entries, visit_diagnoses: list[Diagnosis]
) -> tuple[Diagnosis, ...]:
    found = [item for section in _of(sections, *_DIAGNOSIS_SECTIONS) for item in entries.diagnoses(section)]
    found += visit_diagnoses
    if not found:  # a care plan has no problem list: its health concerns are all it says
        found = [item for section in _of(sections, "health concerns") for item in entries.diagnoses(section)]
    return tuple(found)


def _medications(sections: list[SectionOf], entries: Entries) -> tuple[Medication, ...]:
    return tuple(
        item for section in _of(sections, *_MEDICATION_SECTIONS) for item in entries.medications(section)
    )


def _encounters(
    root: Element, sections: list[SectionOf], entries: Entries, narrative: Narrative
) -> tuple[tuple[Encounter, ...], list[Diagnosis]]:
    found: list[tuple[Encounter, frozenset[str]]] = []
    diagnoses: list[Diagnosis] = []
    for section in _of(sections, "encounters"):
        for encounter, names, of_visit in entries.encounters(section):
            found.append((encounter, names))
            diagnoses += of_visit
    stay = read_stay(root, narrative)
    if stay is None:
        return tuple(encounter for encounter, _ in found), diagnoses
    return _with_stay(found, *stay), diagnoses


def _with_stay(
    found: list[tuple[Encounter, frozenset[str]]], stay: Encounter, names: frozenset[str]
) -> tuple[Encounter, ...]:
    """The stay of the header joined with the entry that is the same visit, or put before the others."""
    encounters = [encounter for encounter, _ in found]
    for number, (encounter, own) in enumerate(found):
        same_day = day_of(stay.start) and day_of(stay.start) == day_of(encounter.start)
        if own & names or same_day:
            encounters[number] = replace(
                encounter,
                kind=encounter.kind or stay.kind,
                end=stay.end or encounter.end,
                facility=encounter.facility or stay.facility,
                disposition=encounter.disposition or stay.disposition,
                main=True,
            )
            return tuple(encounters)
    return (stay, *encounters)


def _with_social_history(patient: Patient, sections: list[SectionOf], narrative: Narrative) -> Patient:
    """Gender identity and pronouns stand among the social history in C-CDA."""
    said = {"76691-5": patient.gender_identity, "90778-2": patient.pronouns}
    for section in _of(sections, "social history"):
        for observation in section.element.iterfind("entry//observation"):
            code = observation.find("code")
            key = clean(code.get("code")) if code is not None else ""
            if key in said and not said[key]:
                said[key] = narrative.coded_words(observation.find("value"))
    return replace(patient, gender_identity=said["76691-5"], pronouns=said["90778-2"])


# ---------------------------------------------------------------- texts


def _texts(sections: list[SectionOf]) -> tuple[Section, ...]:
    found = []
    for section in sections:
        if words := section_text(section.element):
            found.append(Section(section.title, words, section.code))
    return tuple(found)


def _unstructured_text(root: Element, notes: Notes) -> tuple[Section, ...]:
    text = root.find("component/nonXMLBody/text")
    if text is None or not (text.get("mediaType") or "text/plain").startswith("text/"):
        return ()
    written = "".join(str(part) for part in text.itertext())
    if text.get("representation") == "B64":
        try:
            written = base64.b64decode(written).decode("utf-8", errors="replace")
        except (binascii.Error, ValueError):
            notes.problem("The text inside the document is damaged and could not be read.")
            return ()
    if text.get("mediaType") == "text/rtf":
        return ()
    words = readable(written) if text.get("mediaType") == "text/html" else "\n".join(
        line for raw in written[:50_000].splitlines() if (line := clean(raw))
    )  # fmt: skip
    return (Section("Text of the document", words),) if words else ()


def _attachments(root: Element, notes: Notes) -> tuple[Attachment, ...]:
    text = root.find("component/nonXMLBody/text")
    if text is None:
        return ()
    reference = text.find("reference")
    if reference is not None:
        name = reference.get("value") or ""
        notes.problem(
            f"The content is in another file (“{name}”) that did not come with this one; ask for it."
        )
        return (Attachment(text.get("mediaType") or "", 0, name),)
    media = text.get("mediaType") or "text/plain"
    notes.problem(
        f"The document holds its content as one piece ({media}), without entries; read it in the original."
    )
    size = len("".join(str(part) for part in text.itertext()))
    return (Attachment(media, size * 3 // 4 if text.get("representation") == "B64" else size),)


def _say_what_was_not_read(sections: list[SectionOf], root: Element, notes: Notes) -> None:
    for section in sections:
        if not section.kind and section.entries():
            notes.left_out(
                f"Entries of {section.place.lower()}",
                "not needed for an intake; its text is kept",
                len(section.entries()),
            )
    if root.find("component/structuredBody") is None and root.find("component/nonXMLBody") is None:
        notes.problem("The document has a header but no content.")
