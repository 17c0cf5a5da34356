from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import models, transaction

from dayward.foundation.audit.actors import Actor, system_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.queries import WALKED, WALKER, Walk, verify_chains
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person


def record(
    *,
    actor: Actor,
    action: str,
    kind: Entry.Kind = Entry.Kind.CHANGE,
    person: Person | None = None,
    subject: models.Model | None = None,
    site: Site | None = None,
    reason: str = "",
    **detail: Any,
) -> Entry:
    """Leave an audit entry. `detail` carries field names, counts and public ids, never values."""
    return Entry.objects.create(
        site=site or (person.site if person else None),
        kind=kind,
        action=action,
        actor_kind=actor.kind,
        actor=actor.id,
        person=person.public_id if person else "",
        subject_kind=subject._meta.label_lower if subject else "",
        subject=str(getattr(subject, "public_id", "")) if subject else "",
        reason=reason,
        detail=detail,
    )


@transaction.atomic
def walk() -> Walk:
    """Whether every chain is whole; what is found stands in the trail itself."""
    found = verify_chains()
    entry = record(actor=system_actor(WALKER), action=WALKED, chains=[asdict(each) for each in found])
    return Walk(entry.at, tuple(found))
