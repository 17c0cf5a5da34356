"""A FHIR bundle as a set of resources: which are in it, how they refer to each other, whom they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dayward.care.referrals.outcome import NO_PATIENT, CannotRead
from dayward.care.referrals.packet import Coding, SecurityLabel
from dayward.care.referrals.parsers.detect import other_json
from dayward.care.referrals.parsers.fhir_values import Node
from dayward.care.referrals.parsers.notes import Notes, shown
from dayward.care.referrals.parsers.values import clean, system_name

TAKEN = frozenset({"collection", "transaction", "batch", "document"})
_OTHER_BUNDLES = {
    "searchset": "the answer to a search in another system",
    "history": "a history of changes in another system",
    "message": "a message between two systems",
    "transaction-response": "the answer of another system to a transaction",
    "batch-response": "the answer of another system to a batch",
    "subscription-notification": "a notification between two systems",
}
_NOT_CONTENT = frozenset({"GET", "DELETE", "HEAD"})


class Bundle:
    """Resources by kind, with references resolved inside the bundle and nowhere else."""

    def __init__(self, data: Any, notes: Notes) -> None:
        self.notes = notes
        self.root = Node(data, "The bundle", notes)
        self.type = self.root.text("type")
        self.resources: list[Node] = []
        self._by_reference: dict[str, Node] = {}
        self._by_kind: dict[str, list[Node]] = {}
        for number, entry in enumerate(self.root.nodes("entry"), start=1):
            self._add(entry, number)

    def _add(self, entry: Node, number: int) -> None:
        method = entry.node("request").text("method").upper()
        resource = entry.node("resource")
        kind = resource.text("resourceType")
        if method in _NOT_CONTENT:
            self.notes.left_out(
                kind or "Entry", f"an instruction ({method.lower()}) to another system, not information"
            )
            return
        if not kind:
            self.notes.problem(f"Entry {number} of the bundle has no readable resource; it was left out.")
            return
        node = Node(resource.data, shown(kind), self.notes)
        if not self._remember(node, kind, entry.text("fullUrl")):
            self.notes.left_out(kind, "the same entry twice")
            return
        self.resources.append(node)
        self._by_kind.setdefault(kind, []).append(node)

    def _remember(self, node: Node, kind: str, full_url: str) -> bool:
        """Index the resource under every name others may use for it; False when it is there already."""
        resource_id = node.text("id")
        names = [full_url] if full_url else []
        if resource_id:
            names += [f"{kind}/{resource_id}", f"urn:uuid:{resource_id}"]
        again = any(
            name in self._by_reference and self._by_reference[name].data == node.data for name in names
        )
        for identifier in node.nodes("identifier"):
            names.append(f"{kind}?identifier={identifier.text('system')}|{identifier.text('value')}")
        for name in names:
            self._by_reference.setdefault(name, node)
        return not again

    def of_kind(self, *kinds: str) -> list[Node]:
        return [node for kind in kinds for node in self._by_kind.get(kind, [])]

    def kinds(self) -> Counter[str]:
        return Counter({kind: len(nodes) for kind, nodes in self._by_kind.items()})

    def resolve(self, reference: Node, within: Node) -> Node | None:
        """The resource a Reference points at, in this bundle or contained in the resource itself."""
        address = reference.text("reference")
        if address.startswith("#"):
            for contained in within.nodes("contained"):
                if contained.text("id") == address[1:]:
                    return Node(contained.data, within.where, self.notes)
            return None
        address = address.partition("/_history/")[0]
        found = self._by_reference.get(address)
        if found is None and "/" in address and "?" not in address:
            found = self._by_reference.get("/".join(address.rsplit("/", 2)[-2:]))
        return found


def open_bundle(data: Any, notes: Notes) -> Bundle:
    """Refuses JSON that is not a bundle of the four kinds we take."""
    if not isinstance(data, dict):
        raise other_json("a list of JSON values, not one bundle")
    kind = clean(str(data.get("resourceType") or ""))
    if not kind:
        raise other_json("JSON, but not FHIR")
    if kind != "Bundle":
        raise other_json(f"a single FHIR {shown(kind)}, not a bundle with the person's record")
    bundle = Bundle(data, notes)
    if bundle.type in _OTHER_BUNDLES:
        raise other_json(
            f"a FHIR bundle that is {_OTHER_BUNDLES[bundle.type]} (“{bundle.type}”), not a referral"
        )
    if bundle.type not in TAKEN:
        notes.problem(
            f"The bundle does not say which type it is (“{shown(bundle.type)}”); it was read all the same."
        )
    return bundle


# ---------------------------------------------------------------- whom it is about


def subject_of(bundle: Bundle) -> Node:
    """The patient the bundle is about: the composition's subject, else the one most resources refer to."""
    patients = bundle.of_kind("Patient")
    if not patients:
        raise CannotRead(NO_PATIENT, "This bundle names no patient, so there is nobody to refer.")
    for composition in bundle.of_kind("Composition")[:1]:
        named = bundle.resolve(composition.node("subject"), composition)
        if named in patients:
            return _told(bundle, patients, named)
    if len(patients) == 1:
        return patients[0]
    votes = Counter(id(owner) for owner in (owner_of(bundle, node) for node in bundle.resources) if owner)
    return _told(bundle, patients, max(patients, key=lambda patient: votes[id(patient)]))


def _told(bundle: Bundle, patients: list[Node], chosen: Node) -> Node:
    if len(patients) > 1:
        bundle.notes.problem(
            f"The bundle names {len(patients)} patients. It was read as the record of the one most entries are about; "
            "what belongs to the others was left out."
        )
    return chosen


def owner_of(bundle: Bundle, resource: Node) -> Node | None:
    """The Patient in the bundle that a resource says it is about."""
    for key in ("subject", "patient", "beneficiary"):
        for reference in resource.nodes(key):
            owner = bundle.resolve(reference, resource)
            if owner is not None and owner.text("resourceType") == "Patient":
                return owner
    return None


# ---------------------------------------------------------------- labels


def labels_of(bundle: Bundle) -> Iterator[SecurityLabel]:
    """Every security label of the bundle with what it stands on."""
    for label in (*_security(bundle.root), *_inline(bundle.root.node("meta"))):
        yield SecurityLabel(label.code, "document", label.system, label.display)
    for composition in bundle.of_kind("Composition"):
        for code in composition.texts_if_plain("confidentiality"):
            yield SecurityLabel(
                code, "document", system_name("http://terminology.hl7.org/CodeSystem/v3-Confidentiality")
            )
    for resource in bundle.resources:
        found = [*_security(resource), *_inline(resource)]
        for contained in resource.nodes("contained"):
            found += _security(contained)
        where = place_of(resource) if found else ""
        yield from (SecurityLabel(label.code, where, label.system, label.display) for label in found)


def place_of(resource: Node) -> str:
    """What a label stands on, in words: "Condition: Alcohol dependence"."""
    kind = resource.text("resourceType")
    if kind in ("Patient", "Composition"):
        return "patient" if kind == "Patient" else "document"
    for key in ("code", "medicationCodeableConcept", "vaccineCode", "type"):
        concept = resource.concept(key)
        if concept:
            return f"{shown(kind)}: {shown(concept.text or concept.code, 120)}"
    return shown(kind)


def _security(node: Node) -> tuple[Coding, ...]:
    return node.node("meta").concept("security").codings + node.concept("securityLabel").codings


_LABEL_EXTENSIONS = ("inline-sec-label", "sec-label-basis")


def _inline(resource: Node) -> Iterator[Coding]:
    """Labels in extensions of DS4P: on a part of a resource, or the law a label rests on (42 CFR Part 2)."""
    todo: list[Any] = [resource.data]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(item for item in value if isinstance(item, dict | list))
        elif isinstance(value, dict):
            if str(value.get("url", "")).endswith(_LABEL_EXTENSIONS):
                yield from Node(value, resource.where, resource.notes).concept("valueCoding").codings
            todo.extend(item for item in value.values() if isinstance(item, dict | list))
