"""From the packet into the person's record: only what is missing there, and nothing overwritten.

A number from a document is not yet a number that is safe to call: that is for somebody to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dayward.care.referrals.packet import Packet, RelatedPerson
from dayward.care.referrals.queries import kept_identifiers
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people import rules
from dayward.foundation.people.models import ContactPoint, Person, Relationship
from dayward.foundation.people.services import (
    add_address,
    add_contact_point,
    add_identifier,
    add_relationship,
    register_person,
)
from dayward.kernel.hanging import Hanging


@dataclass(frozen=True)
class Filed:
    """What one acceptance wrote: the rows on the person and on the case, and what the open case was told."""

    person_made: bool
    case_made: bool
    told: Mapping[str, str]
    rows: Hanging
    case_rows: Hanging

    def plain(self) -> dict[str, Any]:
        """For the referral's JSON column."""
        return {
            "person_made": self.person_made,
            "case_made": self.case_made,
            "told": dict(self.told),
            "rows": sorted(self.rows),
            "case_rows": sorted(self.case_rows),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Filed:
        """As kept."""
        rows, case_rows = (
            frozenset((label, key) for label, key in plain[part]) for part in ("rows", "case_rows")
        )
        return cls(plain["person_made"], plain["case_made"], plain["told"], rows, case_rows)


_KINDS = (
    (("spouse", "partner", "husband", "wife"), Relationship.Kind.PARTNER),
    (("mother", "father", "parent"), Relationship.Kind.PARENT),
    (("child", "son", "daughter"), Relationship.Kind.CHILD),
    (("brother", "sister", "sibling"), Relationship.Kind.SIBLING),
    (("friend",), Relationship.Kind.FRIEND),
    (("guardian",), Relationship.Kind.GUARDIAN),
)


def write_down(*, actor: Actor, person: Person, packet: Packet) -> None:
    """Phones, mail, address, record numbers and relatives of the packet."""
    _contacts(actor, person, packet)
    _address(actor, person, packet)
    for identifier in kept_identifiers(packet):
        add_identifier(
            actor=actor,
            person=person,
            system=identifier.system[:200],
            value=identifier.value[:200],
            label=identifier.kind[:100],
        )
    for related in packet.related:
        if related.name is not None:
            _relative(actor, person, related)


def _contacts(actor: Actor, person: Person, packet: Packet) -> None:
    known = set(ContactPoint.objects.filter(person_id__in=person.all_ids).values_list("value", flat=True))
    for telecom in packet.patient.telecoms:
        if telecom.kind == "email":
            kind, value = ContactPoint.Kind.EMAIL, telecom.value.strip().lower()
        elif telecom.kind == "phone":
            kind = ContactPoint.Kind.MOBILE if telecom.use == "mobile" else ContactPoint.Kind.PHONE
            value = rules.normal_phone(telecom.value)
        else:
            continue
        if value and value not in known and len(value) <= 254:
            add_contact_point(actor=actor, person=person, kind=kind, value=value)
            known.add(value)


def _address(actor: Actor, person: Person, packet: Packet) -> None:
    if not packet.patient.addresses or person.addresses.filter(ended_on=None).exists():
        return
    address = packet.patient.addresses[0]
    add_address(
        actor=actor,
        person=person,
        street=", ".join(address.lines)[:160],
        city=address.city[:80],
        state=address.state[:40],
        zip_code=address.postal_code[:12],
    )


def _relative(actor: Actor, person: Person, related: RelatedPerson) -> None:
    assert related.name is not None
    given, family = " ".join(related.name.given)[:100], related.name.family[:100]
    if not family:
        given = given or related.name.full[:100]
    there = Relationship.objects.filter(
        person_id__in=person.all_ids, relative__legal_given=given, relative__legal_family=family
    )
    if there.exists():
        return
    relative = register_person(actor=actor, site=person.site, legal_given=given, legal_family=family)
    for telecom in related.telecoms:
        if telecom.kind == "phone" and rules.normal_phone(telecom.value):
            add_contact_point(actor=actor, person=relative, kind=ContactPoint.Kind.PHONE, value=telecom.value)
    words = related.relationship.lower()
    add_relationship(
        actor=actor,
        person=person,
        relative=relative,
        kind=_kind_of(words),
        is_guardian=related.guardian,
        is_emergency_contact="emergency" in words,
        note=related.relationship[:200],
    )


def _kind_of(words: str) -> str:
    return next(
        (kind for marks, kind in _KINDS if any(mark in words for mark in marks)), Relationship.Kind.OTHER
    )
