from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, User
from dayward.foundation.signing.models import PasswordTries, Signature
from dayward.foundation.signing.rules import digest
from dayward.kernel.errors import Refused

SHORTEST_NAME = 2
MOST_WRONG = 5
WITHIN = timedelta(minutes=15)
_WRONG = gettext_lazy("That is not your password. Nothing was signed; what you wrote is kept.")
_LOCKED = gettext_lazy(
    "Too many wrong passwords: signing is locked for fifteen minutes. Nothing was signed; what you wrote is kept."
)


def confirm_password(*, actor: Actor, password: str, at: datetime | None = None) -> None:
    """Staff confirm with their password that it is still they who sit here; Refused when it is not right.

    Five wrong ones within fifteen minutes lock signing for fifteen more. Called outside of the transaction that
    signs, so that a wrong one stays counted.
    """
    if actor.user is None:
        raise Refused(str(_WRONG))
    now = at or timezone.now()
    lock = _tried(actor, actor.user, password, now)
    if lock.locked_until and lock.locked_until > now:
        raise Refused(str(_LOCKED))
    if lock.wrong:
        raise Refused(str(_WRONG))


@transaction.atomic
def _tried(actor: Actor, user: User, password: str, now: datetime) -> PasswordTries:
    PasswordTries.objects.get_or_create(user=user)
    tries = PasswordTries.objects.select_for_update().get(user=user)
    if tries.locked_until and tries.locked_until > now:
        return tries
    if user.check_password(password):
        tries.wrong, tries.since, tries.locked_until = 0, None, None
    else:
        _count_wrong(actor, tries, now)
    tries.save()
    return tries


def _count_wrong(actor: Actor, tries: PasswordTries, now: datetime) -> None:
    if tries.since is None or tries.locked_until or tries.since <= now - WITHIN:
        tries.wrong, tries.since, tries.locked_until = 0, now, None
    tries.wrong += 1
    if tries.wrong >= MOST_WRONG:
        tries.locked_until = now + WITHIN
        record(actor=actor, action="signing.lock", kind=Entry.Kind.REFUSED, subject=tries, wrong=tries.wrong)


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
