"""What this package does about events from below, in the same transaction."""

from __future__ import annotations

from django.utils.translation import ngettext

from dayward.care.catalog.events import Closes
from dayward.care.journey.models import IntakeCase, Segment
from dayward.care.journey.services.aftercare import join_by_consent, leave_by_consent
from dayward.foundation.consent.events import ConsentRevoked, ConsentSigned
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Refused


def closes(event: Closes) -> None:
    """A track with people in it, or a program that people are on their way into, is still used."""
    if event.kind == "track":
        staying = Segment.objects.filter(track=event.pk, ends_on=None, episode__ended_at=None).count()
        _refuse_while(
            staying,
            ngettext("%(n)d person is treated in it.", "%(n)d people are treated in it.", staying),
        )
    if event.kind == "program":
        coming = IntakeCase.objects.filter(program=event.pk).open().count()
        _refuse_while(
            coming,
            ngettext("%(n)d person is on the way in.", "%(n)d people are on the way in.", coming),
        )


def _refuse_while(count: int, sentence: str) -> None:
    if count:
        raise Refused(sentence % {"n": count})


def consent_signed(event: ConsentSigned) -> None:
    """Alumni join by their own consent, and by nothing else."""
    if event.kind == Kind.ALUMNI:
        join_by_consent(person_ids=Person.objects.get(pk=event.person_id).all_ids)


def consent_revoked(event: ConsentRevoked) -> None:
    """What the consent allowed stops in the same transaction."""
    if event.kind == Kind.ALUMNI:
        leave_by_consent(person_ids=Person.objects.get(pk=event.person_id).all_ids)
