"""The person's own way in: links and codes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import PortalKey
from dayward.foundation.audit.actors import PUBLIC, Actor, person_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person, User
from dayward.kernel.errors import Refused
from dayward.kernel.models import ALPHABET

LINK_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(minutes=30)
CODE_LENGTH = 8
LONGEST_CODE = 20
TRIES = 5


@transaction.atomic
def make_portal_key(
    *, actor: Actor, person: Person, kind: str, lasts: timedelta | None = None, at: datetime | None = None
) -> str:
    """A link's secret or a short code for the person's own page. It is told once: only its digest is kept."""
    is_code = kind == PortalKey.Kind.CODE
    secret = _code() if is_code else secrets.token_urlsafe(32)
    now = at or timezone.now()
    key = PortalKey.objects.create(
        person=person,
        kind=kind,
        digest=portal_digest(secret),
        made_at=now,
        made_by=actor.id,
        expires_at=now + (lasts or (CODE_LASTS if is_code else LINK_LASTS)),
    )
    record(actor=actor, action="access.make_portal_key", person=person, subject=key, kind_of_key=str(kind))
    return secret


def portal_digest(secret: str) -> str:
    """What is kept of a link or code; keyed, so that a short code cannot be guessed from a copy of the table."""
    is_code = len(secret) < LONGEST_CODE  # a code is typed by hand: case, spaces and dashes do not matter
    normal = secret.lower().replace("-", "").replace(" ", "") if is_code else secret
    return hmac.new(settings.SECRET_KEY.encode(), f"portal {normal}".encode(), hashlib.sha256).hexdigest()


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))


def use_portal_key(*, secret: str, birth_date: date | None, at: datetime | None = None) -> User:
    """The account to sign in for a link or code; the birth date (where one is known) must fit as well.

    A code works once. Every refusal says the same, so that nothing is told to somebody who guesses.
    """
    user = _redeem(secret, birth_date, at or timezone.now())
    if user is None:  # outside the transaction, so that the failed try is kept
        raise Refused(
            _("This link or code does not work with this date of birth, or has run out. Ask for a new one.")
        )
    return user


@transaction.atomic
def _redeem(secret: str, birth_date: date | None, now: datetime) -> User | None:
    key = (
        PortalKey.objects.select_for_update(of=("self",))
        .filter(digest=portal_digest(secret), expires_at__gt=now, failed_tries__lt=TRIES)
        .select_related("person")
        .first()
    )
    if key is None:
        return None
    person = Person.objects.canonical(key.person.public_id)
    # Without a birth date nothing but the link proves who it is: then it works once, as a code does.
    once = key.kind == PortalKey.Kind.CODE or person.birth_date is None
    if once and key.used_at:
        return None
    if person.birth_date and person.birth_date != birth_date:
        PortalKey.objects.filter(pk=key.pk).update(failed_tries=F("failed_tries") + 1)
        record(
            actor=PUBLIC, action="access.portal_refused", kind=Entry.Kind.REFUSED, person=person, subject=key
        )
        return None
    return _let_in(key, person, now)


def _let_in(key: PortalKey, person: Person, now: datetime) -> User:
    PortalKey.objects.filter(pk=key.pk).update(used_at=now)
    user, _made = User.objects.get_or_create(person=person)
    record(
        actor=person_actor(user),
        action="access.portal_sign_in",
        kind=Entry.Kind.SIGN_IN,
        person=person,
        subject=key,
    )
    return user


@transaction.atomic
def end_portal_key(*, actor: Actor, key: PortalKey) -> PortalKey:
    """A link or code works no longer; whoever is signed in to the person's page is signed out."""
    now = timezone.now()
    if key.expires_at <= now:
        raise Refused(_("This link or code has run out already."))
    key.expires_at = now
    key.save(update_fields=["expires_at"])
    for user in User.objects.filter(person_id__in=key.person.all_ids):
        user.set_unusable_password()  # a new one each time: sessions made before no longer fit
        user.save(update_fields=["password"])
    record(actor=actor, action="access.end_portal_key", person=key.person, subject=key)
    return key
