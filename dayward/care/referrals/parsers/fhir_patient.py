"""The person of a FHIR bundle, and the people around them."""

from __future__ import annotations

from collections.abc import Iterator

from dayward.care.referrals.outcome import NO_IDENTITY, CannotRead
from dayward.care.referrals.packet import Coverage, Name, Patient, Provider, RelatedPerson
from dayward.care.referrals.parsers.fhir_bundle import Bundle, owner_of
from dayward.care.referrals.parsers.fhir_values import (
    Node,
    addresses,
    birth_date,
    human_name,
    identifiers,
    telecoms,
)
from dayward.care.referrals.parsers.notes import shown
from dayward.care.referrals.parsers.values import day_of, sex_of

_NAME_ORDER = ("legal", "usual", "", "temp", "anonymous", "nickname", "old", "maiden")
_GUARDIAN_CODES = frozenset({"GUARD", "HPOWATT", "POWATT", "DPOWATT", "RESPRSN", "GUADLTM", "SGUARD"})


def read_patient(node: Node) -> Patient:
    """Who the bundle is about. Raises when there is neither a name nor an identifier."""
    names = [name for name in map(human_name, node.nodes("name")) if name.full]
    names.sort(key=lambda name: _NAME_ORDER.index(name.use) if name.use in _NAME_ORDER else 3)
    found = identifiers(node)
    if not names and not found:
        raise CannotRead(
            NO_IDENTITY,
            "The patient in this bundle has neither a name nor an identifier, so nobody can say who it is.",
        )
    _say_what_is_missing(node, names)
    deceased_date = node.moment("deceasedDateTime")
    return Patient(
        name=names[0] if names else None,
        other_names=tuple(names[1:]),
        birth_date=birth_date(node),
        sex=_sex(node),
        gender_identity=_from_extension(node, "genderIdentity"),
        pronouns=_from_extension(node, "pronouns"),
        language=_language(node),
        deceased=deceased_date is not None or node.flag("deceasedBoolean"),
        deceased_date=day_of(deceased_date) or None,
        identifiers=found,
        telecoms=telecoms(node),
        addresses=addresses(node),
    )


def _say_what_is_missing(node: Node, names: list[Name]) -> None:
    if not names:
        node.notes.problem("The patient has no name in this document; only an identifier says who it is.")
    elif not names[0].family or not names[0].given:
        missing = "family name" if not names[0].family else "given name"
        node.notes.problem(f"The patient has no {missing} in this document.")
    if not node.text("birthDate"):
        node.notes.problem("The patient has no birth date in this document.")


def _sex(node: Node) -> str | None:
    written = node.text("gender") or _from_extension(node, "us-core-birthsex")
    if not written:
        node.notes.problem("The document does not say the patient's sex.")
        return None
    sex = sex_of(written)
    if sex is None:
        node.notes.problem(
            f"The patient's sex is written as “{shown(written)}”, which is no known code; ask."
        )
    return sex


def _from_extension(node: Node, name: str) -> str:
    for extension in node.nodes("extension"):
        if not extension.text("url").lower().endswith(name.lower()):
            continue
        inner = [extension, *(part for part in extension.nodes("extension") if part.text("url") == "value")]
        for part in inner:
            if found := part.concept("valueCodeableConcept").text or part.concept("valueCoding").text:
                return found
            if plain := part.text("valueCode") or part.text("valueString"):
                return plain
    return ""


def _language(node: Node) -> str:
    spoken = node.nodes("communication")
    preferred = [entry for entry in spoken if entry.flag("preferred")] or spoken
    return preferred[0].concept("language").text if preferred else ""


# ---------------------------------------------------------------- people around


def read_related(bundle: Bundle, patient: Node) -> tuple[RelatedPerson, ...]:
    """Contacts on the patient and RelatedPerson resources."""
    return tuple(_related(bundle, patient))


def _related(bundle: Bundle, patient: Node) -> Iterator[RelatedPerson]:
    others = [node for node in bundle.of_kind("RelatedPerson") if owner_of(bundle, node) in (patient, None)]
    for node in [*patient.nodes("contact"), *others]:
        names = [human_name(name) for name in node.nodes("name")]
        relationship = node.concept("relationship")
        reach = telecoms(node)
        if not names and not reach:
            continue
        yield RelatedPerson(
            name=names[0] if names else None,
            relationship=relationship.text,
            guardian=bool(relationship.codes & _GUARDIAN_CODES) or "guardian" in relationship.text.lower(),
            telecoms=reach,
            addresses=addresses(node),
        )


def read_care_team(bundle: Bundle, patient: Node, encounters: list[Node]) -> tuple[Provider, ...]:
    """Care teams, the general practitioner, and whom the visits name; each person once."""
    found: dict[str, Provider] = {}
    for provider in _providers(bundle, patient, encounters):
        known = found.get(provider.name)
        if known is None or (not known.role and provider.role):
            found[provider.name] = provider
    return tuple(found.values())


def _providers(bundle: Bundle, patient: Node, encounters: list[Node]) -> Iterator[Provider]:
    for team in bundle.of_kind("CareTeam"):
        for member in team.nodes("participant"):
            yield from _provider(bundle, member.node("member"), team, member.concept("role").text, patient)
    for reference in patient.nodes("generalPractitioner"):
        yield from _provider(bundle, reference, patient, "Primary care", patient)
    for encounter in encounters:
        for part in encounter.nodes("participant"):
            who = part.node("individual") or part.node("actor")
            yield from _provider(bundle, who, encounter, part.concept("type").text, patient)


def _provider(bundle: Bundle, reference: Node, within: Node, role: str, patient: Node) -> Iterator[Provider]:
    target = bundle.resolve(reference, within)
    if target is patient or (target is not None and target.text("resourceType") == "RelatedPerson"):
        return
    organization = ""
    if target is not None and target.text("resourceType") == "PractitionerRole":
        role = role or target.concept("code").text
        organization = name_of(bundle, target.node("organization"), target)
        reference, target = target.node("practitioner"), bundle.resolve(target.node("practitioner"), target)
    name = name_of(bundle, reference, within)
    if name:
        phones = [reach.value for reach in telecoms(target) if reach.kind == "phone"] if target else []
        yield Provider(name, role, organization, phones[0] if phones else "")


def name_of(bundle: Bundle, reference: Node, within: Node) -> str:
    """The name of whoever or whatever a reference points at, else the words beside the reference."""
    target = bundle.resolve(reference, within)
    if target is None:
        return reference.text("display")
    names = target.nodes_quietly("name")
    if names:
        return human_name(names[0]).full
    return " ".join(target.texts_if_plain("name")) or reference.text("display")


def read_coverage(bundle: Bundle, patient: Node) -> tuple[Coverage, ...]:
    """Coverage resources; where there are none, the insurer named by the latest claims."""
    found: dict[Coverage, None] = {}
    for node in bundle.of_kind("Coverage"):
        if owner_of(bundle, node) in (patient, None):
            found.setdefault(_coverage(bundle, node))
    if not any(coverage.payer for coverage in found):
        for payer in _payers_of_claims(bundle):
            found.setdefault(Coverage(payer))
    return tuple(coverage for coverage in found if coverage.payer or coverage.member_id)


def _coverage(bundle: Bundle, node: Node) -> Coverage:
    payers = [name_of(bundle, payer, node) for payer in node.nodes("payor")]
    plans = [part.text("name") or part.text("value") for part in node.nodes("class")]
    return Coverage(
        payer=next(filter(None, payers), "") or node.concept("type").text,
        member_id=node.text("subscriberId") or next((item.value for item in identifiers(node)), ""),
        plan=next(filter(None, plans), ""),
        relationship=node.concept("relationship").text,
        status=node.text("status"),
    )


def _payers_of_claims(bundle: Bundle) -> list[str]:
    latest: tuple[str, str] | None = None
    for claim in bundle.of_kind("Claim", "ExplanationOfBenefit"):
        created = claim.text("created")
        for insurance in claim.nodes("insurance"):
            coverage = bundle.resolve(insurance.node("coverage"), claim)
            payer = insurance.node("coverage").text("display")
            payer = _coverage(bundle, coverage).payer if coverage else payer
            if payer and payer != "NO_INSURANCE" and (latest is None or created > latest[0]):
                latest = (created, payer)
    return [latest[1]] if latest else []
