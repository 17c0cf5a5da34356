"""FHIR R4 bundles: from resources to the packet."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from dayward.care.referrals import distinct
from dayward.care.referrals.packet import (
    Allergy,
    Attachment,
    Diagnosis,
    Document,
    Encounter,
    Immunization,
    Medication,
    Packet,
    Procedure,
    Section,
)
from dayward.care.referrals.parsers.fhir_bundle import Bundle, labels_of, open_bundle, owner_of, subject_of
from dayward.care.referrals.parsers.fhir_patient import (
    name_of,
    read_care_team,
    read_coverage,
    read_patient,
    read_related,
)
from dayward.care.referrals.parsers.fhir_values import Concept, Node
from dayward.care.referrals.parsers.notes import Notes
from dayward.care.referrals.parsers.values import readable, says_none_known

_UNTRUE = frozenset({"entered-in-error", "refuted"})
_READ = frozenset(
    (
        "Patient",
        "Composition",
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationOrder",
        "AllergyIntolerance",
        "Encounter",
        "Procedure",
        "Immunization",
        "CareTeam",
        "RelatedPerson",
        "Coverage",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Location",
        "Medication",
        "DocumentReference",
        "Claim",
        "ExplanationOfBenefit",
    )
)
_ENCOUNTER_KINDS = {
    "IMP": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "SS": "inpatient",
    "inpatient": "inpatient",
    "EMER": "emergency",
    "emergency": "emergency",
    "OBSENC": "observation",
    "AMB": "outpatient",
    "outpatient": "outpatient",
    "VR": "virtual",
    "HH": "home",
}
_MOST_NOTES = 10


def read_bundle(data: Any, notes: Notes) -> Packet:
    """The packet of a FHIR bundle. Raises for what must be refused; everything else is kept or explained."""
    bundle = open_bundle(data, notes)
    subject = subject_of(bundle)
    patient = read_patient(subject)
    reader = _Clinical(bundle, subject)
    encounters = reader.encounters()
    packet = Packet(
        document=_document(bundle),
        patient=patient,
        related=read_related(bundle, subject),
        diagnoses=reader.diagnoses(),
        medications=reader.medications(),
        allergies=reader.allergies(),
        encounters=encounters,
        procedures=reader.procedures(),
        immunizations=reader.immunizations(),
        care_team=read_care_team(bundle, subject, reader.latest("Encounter", 10)),
        coverage=read_coverage(bundle, subject),
        labels=tuple(dict.fromkeys(labels_of(bundle))),
        none_known=tuple(reader.none_known),
        sections=tuple(_sections(bundle)),
        attachments=tuple(_attachments(bundle)),
    )
    _say_what_was_not_read(bundle)
    return distinct.once(packet, notes)


def _say_what_was_not_read(bundle: Bundle) -> None:
    for kind, count in sorted(bundle.kinds().items()):
        if kind not in _READ:
            bundle.notes.left_out(kind, "not needed for an intake; it stays in the original", count)


class _Clinical:
    """Reads the clinical resources of one person."""

    def __init__(self, bundle: Bundle, subject: Node) -> None:
        self.bundle = bundle
        self.subject = subject
        self.notes = bundle.notes
        self.none_known: dict[str, None] = {}
        self._seen: dict[str, list[Node]] = {}

    def mine(self, *kinds: str) -> list[Node]:
        """Resources about this person that are not withdrawn. Each is judged once, so it is explained once."""
        key = " ".join(kinds)
        if key not in self._seen:
            self._seen[key] = [node for node in self.bundle.of_kind(*kinds) if self._stands(node)]
        return self._seen[key]

    def _stands(self, node: Node) -> bool:
        kind = node.text("resourceType")
        if owner_of(self.bundle, node) not in (self.subject, None):
            self.notes.left_out(kind, "about another patient in the same bundle")
            return False
        states = {*node.concept("verificationStatus").codes, node.concept("verificationStatus").text}
        states |= set(node.texts_if_plain("status"))
        if states & _UNTRUE:
            self.notes.left_out(kind, "marked by the sender as entered in error or refuted")
            return False
        if (
            "not-done" in states
            or node.flag("doNotPerform")
            or node.flag("wasNotTaken")
            or node.flag("notGiven")
            or node.flag("wasNotGiven")
        ):
            self.notes.left_out(kind, "says that something was not done or must not be done")
            return False
        return True

    def latest(self, kind: str, most: int) -> list[Node]:
        visits = sorted(self.mine(kind), key=lambda node: node.node("period").text("start"), reverse=True)
        return visits[:most]

    def named(self, node: Node, concept: Concept, none_word: str) -> bool:
        """Whether an entry says something; remembers "none known" and complains about the nameless."""
        if says_none_known(concept.text, concept.codings):
            self.none_known.setdefault(none_word)
            self.notes.left_out(node.text("resourceType"), f"only says “{concept.text or 'none known'}”")
            return False
        if not concept:
            self.notes.left_out(
                node.text("resourceType"), "it does not say what it is (neither code nor words)"
            )
            self.notes.problem(f"{_article(node)} has neither a code nor words; it was left out.")
            return False
        return True

    def diagnoses(self) -> tuple[Diagnosis, ...]:
        return tuple(self._diagnoses())

    def _diagnoses(self) -> Iterator[Diagnosis]:
        for node in self.mine("Condition"):
            concept = node.concept("code")
            if not self.named(node, concept, "diagnoses"):
                continue
            onset, _ = node.start_and_end("onset")
            abatement, ended = node.start_and_end("abatement")
            yield Diagnosis(
                text=concept.text or concept.code,
                codings=concept.codings,
                status=node.concept("clinicalStatus").code,
                onset=onset or node.moment("recordedDate"),
                abatement=abatement or ended,
                source=node.concept("category").text,
            )

    def medications(self) -> tuple[Medication, ...]:
        return tuple(self._medications())

    def _medications(self) -> Iterator[Medication]:
        for node in self.mine("MedicationRequest", "MedicationStatement", "MedicationOrder"):
            concept = self._medicine(node)
            if not self.named(node, concept, "medications"):
                continue
            start, end = node.start_and_end("effective")
            yield Medication(
                text=concept.text or concept.code,
                codings=concept.codings,
                dose=_dose(node),
                status=node.text("status"),
                start=node.moment("authoredOn")
                or start
                or node.moment("dateWritten")
                or node.moment("dateAsserted"),
                end=end,
                source=node.concept("category").text,
            )

    def _medicine(self, node: Node) -> Concept:
        concept = node.concept("medicationCodeableConcept")
        reference = node.node("medicationReference") or node.node("medication")
        if concept or not reference:
            return concept
        target = self.bundle.resolve(reference, node)
        if target is not None and target.concept("code"):
            return target.concept("code")
        return Concept([], [reference.text("display")] if reference.text("display") else [])

    def allergies(self) -> tuple[Allergy, ...]:
        return tuple(self._allergies())

    def _allergies(self) -> Iterator[Allergy]:
        for node in self.mine("AllergyIntolerance"):
            concept = node.concept("code") or node.concept("substance")
            if not self.named(node, concept, "allergies"):
                continue
            onset, _ = node.start_and_end("onset")
            yield Allergy(
                text=concept.text or concept.code,
                codings=concept.codings,
                kind=", ".join(node.texts("category")),
                reactions=tuple(
                    dict.fromkeys(
                        Concept([words], []).text
                        for reaction in node.nodes("reaction")
                        for words in reaction.nodes("manifestation")
                    )
                ),
                status=node.concept("clinicalStatus").code,
                onset=onset or node.moment("recordedDate"),
            )

    def encounters(self) -> tuple[Encounter, ...]:
        main = {
            id(self.bundle.resolve(node.node("encounter"), node))
            for node in self.bundle.of_kind("Composition")
        }
        return tuple(self._encounter(node, main=id(node) in main) for node in self.mine("Encounter"))

    def _encounter(self, node: Node, *, main: bool) -> Encounter:
        concept, period = node.concept("type"), node.node("period")
        stay = node.node("hospitalization") or node.node("admission")
        places = [name_of(self.bundle, place.node("location"), node) for place in node.nodes("location")]
        return Encounter(
            text=concept.text,
            codings=concept.codings,
            kind=_ENCOUNTER_KINDS.get(node.concept("class").code, ""),
            facility=name_of(self.bundle, node.node("serviceProvider"), node)
            or next(filter(None, places), ""),
            start=period.moment("start"),
            end=period.moment("end"),
            disposition=stay.concept("dischargeDisposition").text,
            reason=node.concept("reasonCode").text or node.concept("reason").text,
            status=node.text("status"),
            main=main,
        )

    def procedures(self) -> tuple[Procedure, ...]:
        found = []
        for node in self.mine("Procedure"):
            concept = node.concept("code")
            if self.named(node, concept, "procedures"):
                done, _ = node.start_and_end("performed")
                done = done or node.start_and_end("occurrence")[0]
                found.append(
                    Procedure(concept.text or concept.code, concept.codings, done, node.text("status"))
                )
        return tuple(found)

    def immunizations(self) -> tuple[Immunization, ...]:
        found = []
        for node in self.mine("Immunization"):
            concept = node.concept("vaccineCode")
            if self.named(node, concept, "immunizations"):
                given = node.moment("occurrenceDateTime") or node.moment("date")
                found.append(
                    Immunization(concept.text or concept.code, concept.codings, given, node.text("status"))
                )
        return tuple(found)


def _article(node: Node) -> str:
    kind = node.text("resourceType")
    return f"{'An' if kind[:1] in 'AEIOU' else 'A'} entry of kind {kind}" if kind else "An entry"


def _dose(node: Node) -> str:
    instructions = node.nodes("dosageInstruction") or node.nodes("dosage")
    return "; ".join(filter(None, (_one_dose(instruction) for instruction in instructions)))


def _one_dose(node: Node) -> str:
    if words := node.text("text") or node.text("patientInstruction"):
        return words
    rates = node.nodes("doseAndRate")
    amount = (rates[0] if rates else node).node("doseQuantity")
    repeat = node.node("timing").node("repeat")
    parts = [f"{amount.text('value')} {amount.text('unit')}".strip(), node.concept("route").text]
    if repeat.text("frequency"):
        period = f"{repeat.text('period')} {repeat.text('periodUnit')}".strip()
        parts.append(
            f"{repeat.text('frequency')} × per {period}" if period else f"{repeat.text('frequency')} ×"
        )
    if node.flag("asNeededBoolean") or node.concept("asNeededCodeableConcept"):
        parts.append("as needed")
    return ", ".join(filter(None, parts))


# ---------------------------------------------------------------- the document itself


def _document(bundle: Bundle) -> Document:
    compositions = bundle.of_kind("Composition")
    if not compositions:
        return Document(
            format="FHIR R4 bundle",
            kind="Bundle of records",
            date=bundle.root.moment("timestamp"),
        )
    head = compositions[0]
    kind = head.concept("type")
    authors = [bundle.resolve(author, head) for author in head.nodes("author")]
    organizations = [
        name_of(bundle, author, head)
        for author, target in zip(head.nodes("author"), authors, strict=True)
        if target is not None and target.text("resourceType") == "Organization"
    ]
    names = [name_of(bundle, author, head) for author in head.nodes("author")]
    return Document(
        format="FHIR R4 bundle",
        kind=kind.text,
        title=head.text("title"),
        code=kind.code,
        date=head.moment("date"),
        author=next(filter(None, names), ""),
        author_organization=next(filter(None, organizations), ""),
        custodian=name_of(bundle, head.node("custodian"), head),
        identifier=bundle.root.node("identifier").text("value"),
    )


def _sections(bundle: Bundle) -> Iterator[Section]:
    for composition in bundle.of_kind("Composition"):
        todo = composition.nodes("section")
        while todo:
            section = todo.pop(0)
            todo = section.nodes("section") + todo
            words = readable(section.node("text").long_text("div"))
            if words:
                yield Section(section.text("title"), words, section.concept("code").code)
    notes = sorted(bundle.of_kind("DocumentReference"), key=lambda node: node.text("date"), reverse=True)
    for node in notes[:_MOST_NOTES]:
        if words := _inline_text(node):
            yield Section(f"{node.concept('type').text or 'Note'} {node.text('date')[:10]}".strip(), words)


def _inline_text(reference: Node) -> str:
    for content in reference.nodes("content"):
        attachment = content.node("attachment")
        data = attachment.long_text("data")
        if data and attachment.text("contentType").startswith("text/"):
            try:
                return readable(base64.b64decode(data, validate=False).decode("utf-8", errors="replace"))
            except (binascii.Error, ValueError):
                reference.notes.problem("A note in the bundle is damaged and could not be read.")
    return ""


def _attachments(bundle: Bundle) -> Iterator[Attachment]:
    for node in bundle.of_kind("DocumentReference"):
        for content in node.nodes("content"):
            attachment = content.node("attachment")
            if media := attachment.text("contentType"):
                size = len(attachment.long_text("data")) * 3 // 4
                yield Attachment(media, size, attachment.text("title") or node.concept("type").text)
