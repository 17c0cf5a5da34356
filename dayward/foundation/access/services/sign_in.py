"""A sign-in for staff: nobody sets another's password; a link lets each set their own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import SignInLink
from dayward.foundation.access.queries import staff_of
from dayward.foundation.access.services.sessions import end_all_sessions
from dayward.foundation.audit.actors import Actor, staff_actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember, User
from dayward.foundation.people.services import set_own_password
from dayward.kernel.errors import Refused

LINK_LASTS = timedelta(hours=72)


@transaction.atomic
def make_sign_in_link(*, actor: Actor, staff: StaffMember, at: datetime | None = None) -> str:
    """The secret of a link by which they set their own password. Told once; the link before it ends."""
    now = at or timezone.now()
    if staff.user is None:
        raise Refused(_("Write down their mail address first."))
    if staff_of(staff.user) is None:
        raise Refused(_("%(name)s does not work here any more.") % {"name": staff.name})
    if actor.staff == staff:
        raise Refused(_("Change your own password under sign-in and security."))
    SignInLink.objects.filter(user=staff.user, used_at=None, expires_at__gt=now).update(expires_at=now)
    secret = secrets.token_urlsafe(32)
    link = SignInLink.objects.create(
        user=staff.user, digest=_digest(secret), made_at=now, made_by=actor.id, expires_at=now + LINK_LASTS
    )
    record(actor=actor, action="access.make_sign_in_link", subject=link, staff=staff.public_id)
    return secret


@transaction.atomic
def end_sign_in_link(*, actor: Actor, staff: StaffMember, at: datetime | None = None) -> None:
    """Take a link back that nobody has used; the password stays as it is."""
    now = at or timezone.now()
    waiting = SignInLink.objects.filter(user=staff.user, used_at=None, expires_at__gt=now)
    if staff.user is None or not waiting.update(expires_at=now):
        raise Refused(_("There is no link that could still be used."))
    record(actor=actor, action="access.end_sign_in_link", subject=staff)


def _digest(secret: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"sign-in {secret}".encode(), hashlib.sha256).hexdigest()


def sign_in_link(secret: str, at: datetime | None = None) -> SignInLink | None:
    """The link of this secret while it can be used."""
    live = SignInLink.objects.filter(used_at=None, expires_at__gt=at or timezone.now())
    link = live.filter(digest=_digest(secret)).select_related("user__staff").first()
    return link if link and staff_of(link.user) else None


@transaction.atomic
def use_sign_in_link(*, secret: str, password: str, at: datetime | None = None) -> User:
    """Somebody who works here sets their password by the link; it works once. A second factor stays."""
    now = at or timezone.now()
    link = sign_in_link(secret, now)
    # The update decides between two who come at once.
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise Refused(_("This link does not work, or was used, or has run out. Ask for a new one."))
    user = set_own_password(actor=staff_actor(link.user), password=password)
    end_all_sessions(actor=staff_actor(user), user=user)
    record(actor=staff_actor(user), action="access.use_sign_in_link", subject=link)
    return user
