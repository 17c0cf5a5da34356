from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused

SHORTEST_NAME = 2


def confirm_password(*, actor: Actor, password: str) -> None:
    """Staff confirm with their password that it is still they who sit here; Refused when it is not right."""
    if actor.user is None or not actor.user.check_password(password):
        raise Refused(_("That is not your password. Nothing was signed; what you wrote is kept."))


@transaction.atomic
def sign(
    *,
    actor: Actor,
    subject_kind: str,
    subject: str,
    meaning: str,
    text: str,
    method: str,
    printed_name: str = "",
    credential: str = "",
    about: Person | None = None,
    at: datetime | None = None,
) -> Signature:
    """The actor signs exactly this text. The name they typed stands as they typed it.

    `about` is whose chart the signed thing belongs to, for the audit entry; a person who signs their own need
    not be named again.
    """
    staff, person = actor.staff, None if actor.staff else actor.person
    if staff is None and person is None:
        raise Refused(_("Only a person can sign."))
    name = " ".join((printed_name or (staff.name if staff else "")).split())
    if len(name) < SHORTEST_NAME:
        raise Refused(_("Type your full name to sign."))
    signature = Signature.objects.create(
        subject_kind=subject_kind,
        subject=subject,
        meaning=meaning,
        sha256=digest(text),
        user=actor.user,
        staff=staff,
        person=person,
        printed_name=name[:200],
        credential=credential,
        method=method,
        signed_at=at or timezone.now(),
    )
    record(
        actor=actor,
        action="signing.sign",
        person=about or person,
        subject=signature,
        signed=subject_kind,
        id=subject,
    )
    return signature
