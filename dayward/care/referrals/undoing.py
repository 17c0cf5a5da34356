"""Undo of accepting: what the document wrote ends, what it made is in error; nothing is deleted.

Refused once anything else hangs on the case or the person that only this acceptance made.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dayward.care.journey.services import Brought, take_back_referral
from dayward.care.referrals.events import ReferralTakenBack
from dayward.care.referrals.filing import Filed
from dayward.care.referrals.models import ReferralDocument
from dayward.foundation.audit.actors import Actor
from dayward.foundation.people import services as people
from dayward.foundation.people.models import Address, ContactPoint, Identifier, Person, Relationship
from dayward.kernel.events import publish
from dayward.kernel.hanging import Hanging, hanging, words


def why_not(referral: ReferralDocument) -> str:
    """Why accepting cannot be undone any more; empty when it can."""
    if not referral.filed or referral.person is None or referral.case is None:
        return _("What accepting wrote was not kept, so it cannot be taken back.")
    filed = Filed.of(referral.filed)
    since: Hanging = frozenset()
    if filed.case_made:
        since |= hanging(referral.case) - filed.case_rows
    if filed.person_made:
        since |= hanging(referral.person) - filed.rows
    if since:
        found = words(since)
        return _("Since then there is more: %(found)s. Close the case with its reason instead.") % {
            "found": found
        }
    return ""


def take_out(*, actor: Actor, referral: ReferralDocument, reason: str) -> None:
    """Within the service that takes the acceptance back, which has asked `why_not`."""
    assert referral.person is not None
    assert referral.case is not None
    filed, person = Filed.of(referral.filed), referral.person
    brought = Brought(referral.case, filed.case_made, filed.told)
    take_back_referral(actor=actor, brought=brought, besides=filed.case_rows, reason=reason)
    _end_details(actor, filed.rows)
    _end_relatives(actor, filed.rows, reason)
    publish(ReferralTakenBack(person.pk, filed.rows, actor))
    if filed.person_made:
        people.enter_in_error(actor=actor, person=person, reason=reason)


def _keys(rows: Hanging, model: type[ContactPoint | Address | Identifier | Relationship]) -> Sequence[int]:
    return sorted(key for label, key in rows if label == model._meta.label_lower)


def _end_details(actor: Actor, rows: Hanging) -> None:
    """A number that somebody has since asked about, and marked as safe, is the person's own and stays."""
    asked = dict.fromkeys(("may_call", "may_leave_message", "may_text", "may_email"), False)
    for point in ContactPoint.objects.filter(pk__in=_keys(rows, ContactPoint), ended_on=None, **asked):
        people.end_contact_point(actor=actor, point=point)
    for address in Address.objects.filter(pk__in=_keys(rows, Address), ended_on=None, may_mail=False):
        people.end_address(actor=actor, address=address)
    for identifier in Identifier.objects.filter(pk__in=_keys(rows, Identifier), ended_on=None):
        people.end_identifier(actor=actor, identifier=identifier)


def _end_relatives(actor: Actor, rows: Hanging, reason: str) -> None:
    found = Relationship.objects.filter(pk__in=_keys(rows, Relationship), ended_on=None)
    for relationship in found.select_related("person", "relative"):
        people.end_relationship(actor=actor, relationship=relationship)
        if _only_a_relative(relationship):
            people.enter_in_error(actor=actor, person=relationship.relative, reason=reason)


def _only_a_relative(relationship: Relationship) -> bool:
    """Nothing is known of the relative but numbers and this one tie."""
    label = ContactPoint._meta.label_lower
    tie = (Relationship._meta.label_lower, relationship.pk)
    relative: Person = relationship.relative
    return all(row == tie or row[0] == label for row in hanging(relative))
