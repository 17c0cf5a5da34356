"""What this package does about events from below, in the same transaction."""

from __future__ import annotations

from dayward.care.journey.services.aftercare import join_by_consent, leave_by_consent
from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person


def consent_signed(event: ConsentSigned) -> None:
    """Alumni join by their own consent, and by nothing else."""
    if event.kind == Kind.ALUMNI:
        join_by_consent(person_ids=Person.objects.get(pk=event.person_id).all_ids)


def consent_revoked(event: ConsentRevoked) -> None:
    """What the consent allowed stops in the same transaction."""
    if event.kind == Kind.ALUMNI:
        leave_by_consent(person_ids=Person.objects.get(pk=event.person_id).all_ids)
