"""Patients, relatives, guardians, contacts: what is written down about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people import rules
from dayward.foundation.people.models import Address, ContactPoint, Identifier, Person, Relationship
from dayward.kernel.errors import Conflict, Refused

DEMOGRAPHICS = frozenset(
    {
        "legal_given",
        "legal_middle",
        "legal_family",
        "suffix",
        "chosen_name",
        "pronouns",
        "birth_date",
        "sex",
        "gender",
        "language",
        "interpreter_needed",
        "contact_note",
        "deceased_on",
    }
)


@transaction.atomic
def register_person(*, actor: Actor, site: Site | None = None, **demographics: Any) -> Person:
    """Write down somebody new: a patient to be, a relative, a guardian, a contact."""
    _only_demographics(demographics)
    if not any(demographics.get(name) for name in ("legal_given", "legal_family", "chosen_name")):
        raise Refused(_("Write down at least one name."))
    person = Person.objects.create(site=site, **demographics)
    record(actor=actor, action="people.register", person=person, subject=person, site=site)
    return person


def _only_demographics(fields: dict[str, Any]) -> None:
    unknown = set(fields) - DEMOGRAPHICS
    if unknown:
        raise TypeError(f"not demographics: {sorted(unknown)}")


@transaction.atomic
def update_person(*, actor: Actor, person: Person, version: int, **changes: Any) -> Person:
    """Correct demographics. `version` is the one that was on the form: a later one is a Conflict."""
    _only_demographics(changes)
    current = Person.objects.select_for_update().get(pk=person.pk)
    if current.version != version:
        raise Conflict
    changed = [name for name, value in changes.items() if getattr(current, name) != value]
    if not changed:
        return current
    for name in changed:
        setattr(current, name, changes[name])
    current.version += 1
    current.save(update_fields=[*changed, "version"])
    record(actor=actor, action="people.update", person=current, subject=current, fields=sorted(changed))
    return current


@transaction.atomic
def enter_in_error(*, actor: Actor, person: Person, reason: str) -> Person:
    """Written down by mistake: nobody finds them any more. Whoever calls has seen that nothing hangs on the row."""
    current = Person.objects.select_for_update().get(pk=person.pk)
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    if current.entered_in_error_at is not None:
        return current
    current.entered_in_error_at, current.entered_in_error_by = timezone.now(), actor.user
    current.version += 1
    current.save(update_fields=["entered_in_error_at", "entered_in_error_by", "version"])
    record(actor=actor, action="people.enter_in_error", person=current, subject=current, reason=reason)
    return current


SAFE = frozenset({"may_call", "may_leave_message", "may_text", "may_email"})
Detail = TypeVar("Detail", ContactPoint, Address, Identifier, Relationship)


def _end(actor: Actor, row: Detail, on: date | None, action: str) -> Detail:
    row.ended_on = on or timezone.localdate()
    row.save(update_fields=["ended_on"])
    record(actor=actor, action=action, person=row.person, subject=row)
    return row


def _restore(actor: Actor, row: Detail, action: str) -> Detail:
    row.ended_on = None
    row.save(update_fields=["ended_on"])
    record(actor=actor, action=action, person=row.person, subject=row)
    return row


@transaction.atomic
def add_contact_point(*, actor: Actor, person: Person, kind: str, value: str, **ways: Any) -> ContactPoint:
    """A phone number or mail address. The same one again: what was not safe to do with it stays so until somebody
    corrects it there.
    """
    normal = value.strip().lower() if kind == ContactPoint.Kind.EMAIL else rules.normal_phone(value)
    if not normal:
        raise Refused(_("Write down the number or address."))
    point, made = ContactPoint.objects.select_for_update().get_or_create(
        person=person, value=normal, ended_on=None, defaults={"kind": kind, **ways}
    )
    if not made:
        _told_again(point, ways)
    if point.preferred:
        person.contact_points.exclude(pk=point.pk).filter(preferred=True).update(preferred=False)
    record(actor=actor, action="people.add_contact_point", person=person, subject=point)
    return point


def _told_again(point: ContactPoint, ways: Mapping[str, Any]) -> None:
    for name, value in ways.items():
        before = getattr(point, name)
        setattr(point, name, before and value if name in SAFE else value or before)
    point.save()


@transaction.atomic
def update_contact_point(*, actor: Actor, point: ContactPoint, **changes: Any) -> ContactPoint:
    """What is safe to do with a number has changed."""
    for name, value in changes.items():
        setattr(point, name, value)
    point.value = point.value if point.kind == ContactPoint.Kind.EMAIL else rules.normal_phone(point.value)
    point.save()
    if point.preferred:
        point.person.contact_points.exclude(pk=point.pk).filter(preferred=True).update(preferred=False)
    record(
        actor=actor,
        action="people.update_contact_point",
        person=point.person,
        subject=point,
        fields=sorted(changes),
    )
    return point


@transaction.atomic
def end_contact_point(*, actor: Actor, point: ContactPoint, on: date | None = None) -> ContactPoint:
    """The number no longer works or is not theirs. That it was the one to use first is kept for Undo."""
    return _end(actor, point, on, "people.end_contact_point")


@transaction.atomic
def restore_contact_point(*, actor: Actor, point: ContactPoint) -> ContactPoint:
    """Undo of ending it; refused where the same was written down anew."""
    if point.person.contact_points.filter(value=point.value, ended_on=None).exists():
        raise Refused(_("It is in use again already."))
    return _restore(actor, point, "people.restore_contact_point")


@transaction.atomic
def add_address(*, actor: Actor, person: Person, **fields: Any) -> Address:
    """Where the person lives or gets mail; the one before ends."""
    person.addresses.filter(ended_on=None).update(ended_on=timezone.localdate())
    address = Address.objects.create(person=person, **fields)
    record(actor=actor, action="people.add_address", person=person, subject=address)
    return address


@transaction.atomic
def end_address(*, actor: Actor, address: Address, on: date | None = None) -> Address:
    """They do not live there."""
    return _end(actor, address, on, "people.end_address")


@transaction.atomic
def add_identifier(*, actor: Actor, person: Person, system: str, value: str, label: str = "") -> Identifier:
    """A number somebody else knows the person by; told twice is kept once."""
    if not value.strip():
        raise Refused(_("Write down the number."))
    identifier, made = Identifier.objects.get_or_create(
        person=person, system=system.strip(), value=value.strip(), defaults={"label": label}
    )
    if identifier.ended_on:
        identifier.ended_on = None
        identifier.save(update_fields=["ended_on"])
        made = True
    if made:
        record(actor=actor, action="people.add_identifier", person=person, subject=identifier)
    return identifier


@transaction.atomic
def end_identifier(*, actor: Actor, identifier: Identifier, on: date | None = None) -> Identifier:
    """The number is not theirs."""
    return _end(actor, identifier, on, "people.end_identifier")


@transaction.atomic
def add_relationship(
    *, actor: Actor, person: Person, relative: Person, kind: str, **fields: Any
) -> Relationship:
    """`relative` is the person's mother, partner, guardian …; told again, the newer word counts."""
    if relative.pk in person.all_ids:
        raise Refused(_("That is the same person."))
    relationship, _made = Relationship.objects.update_or_create(
        person=person, relative=relative, kind=kind, defaults={"ended_on": None, **fields}
    )
    record(actor=actor, action="people.add_relationship", person=person, subject=relationship)
    return relationship


@transaction.atomic
def end_relationship(*, actor: Actor, relationship: Relationship, on: date | None = None) -> Relationship:
    """No longer: a guardianship that ended, a partner who left."""
    return _end(actor, relationship, on, "people.end_relationship")


@transaction.atomic
def restore_relationship(*, actor: Actor, relationship: Relationship) -> Relationship:
    """Undo of ending it."""
    return _restore(actor, relationship, "people.restore_relationship")
