from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused
from dayward.kernel.facts import changed as facts_changed
from dayward.revenue.coverage.models import Coverage, Payer
from dayward.revenue.coverage.queries import library

FIELDS = (
    "member_id",
    "plan_name",
    "authorization_needed",
    "estimate_given",
    "note",
    "starts_on",
    "ends_on",
)


@transaction.atomic
def find_or_add_payer(*, actor: Actor, name: str, kind: str = "") -> Payer:
    """A payer by its name; one of the library brings its kind along."""
    plain = " ".join(name.split())
    if not plain:
        raise Refused(_("Name the payer."))
    found = Payer.objects.filter(name__iexact=plain).first()
    if found is not None:
        return found
    known = next((each for each in library() if each.name.casefold() == plain.casefold()), None)
    payer, made = Payer.objects.get_or_create(
        name=known.name if known else plain,
        defaults={"kind": known.kind if known else kind or Payer.Kind.COMMERCIAL},
    )
    if made:
        record(actor=actor, action="coverage.add_payer", subject=payer)
    return payer


@transaction.atomic
def add_coverage(*, actor: Actor, person: Person, payer: Payer, **fields: Any) -> Coverage:
    """Write down who pays, as told."""
    _refuse_wrong(fields)
    coverage = Coverage.objects.create(person=person, payer=payer, recorded_by=actor.id, **fields)
    facts_changed(person.pk)
    record(actor=actor, action="coverage.add", person=person, subject=coverage)
    return coverage


@transaction.atomic
def update_coverage(*, actor: Actor, coverage: Coverage, payer: Payer, **fields: Any) -> Coverage:
    """Correct an entry; what was verified has to be verified again when the payer or number changes."""
    _refuse_wrong(fields)
    before = Coverage.objects.select_for_update().get(pk=coverage.pk)
    changed = [name for name in fields if getattr(before, name) != fields[name]]
    if before.payer_id != payer.pk:
        changed.append("payer")
    for name, value in fields.items():
        setattr(before, name, value)
    before.payer = payer
    if {"payer", "member_id", "plan_name"} & set(changed):
        before.verified_at = before.verified_by = None
    before.save()
    facts_changed(before.person_id)
    record(actor=actor, action="coverage.update", person=before.person, subject=before, fields=changed)
    return before


@transaction.atomic
def verify_coverage(*, actor: Actor, coverage: Coverage) -> Coverage:
    """Somebody asked the payer: member, benefits and whether an authorization is needed are right."""
    if coverage.payer.kind != Payer.Kind.SELF_PAY:
        if not coverage.member_id:
            raise Refused(_("The member number is missing."))
        if coverage.authorization_needed is None:
            raise Refused(_("Say whether an authorization is needed."))
    coverage.verified_at, coverage.verified_by = timezone.now(), actor.id
    coverage.save(update_fields=["verified_at", "verified_by"])
    record(actor=actor, action="coverage.verify", person=coverage.person, subject=coverage)
    return coverage


@transaction.atomic
def end_coverage(*, actor: Actor, coverage: Coverage, on: date) -> Coverage:
    """The last day it pays."""
    if coverage.starts_on and on < coverage.starts_on:
        raise Refused(_("The last day is before the first."))
    coverage.ends_on = on
    coverage.save(update_fields=["ends_on"])
    facts_changed(coverage.person_id)
    record(actor=actor, action="coverage.end", person=coverage.person, subject=coverage)
    return coverage


def _refuse_wrong(fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not fields of a coverage: {sorted(unknown)}")
    if fields.get("starts_on") and fields.get("ends_on") and fields["ends_on"] < fields["starts_on"]:
        raise Refused(_("The last day is before the first."))
