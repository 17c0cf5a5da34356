"""Taking away a second factor that is lost."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.services.sessions import end_all_sessions
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember, User
from dayward.kernel.errors import Refused

RESET = "access.reset_second_factor"
TOLD_OF = timedelta(days=180)  # a reset longer ago than this is no news


@transaction.atomic
def reset_second_factor(*, actor: Actor, staff: StaffMember) -> int:
    """Their phone or key is gone: take every factor away. Their password goes with it and they are signed out.

    Whoever knew the password could otherwise set up a phone of their own; a new one is set by a link. They are
    told at their next sign-in, and compliance sees it among the exceptions.
    """
    if actor.staff == staff:
        raise Refused(_("Nobody takes away their own second factor. Ask somebody else who keeps the staff."))
    factors = Authenticator.objects.filter(user=staff.user) if staff.user else Authenticator.objects.none()
    count = int(factors.count())
    if staff.user is None or not count:
        raise Refused(_("%(name)s has no second factor.") % {"name": staff.name})
    factors.delete()
    staff.user.set_unusable_password()
    staff.user.save(update_fields=["password"])
    end_all_sessions(actor=actor, user=staff.user)
    record(actor=actor, action=RESET, subject=staff, staff=staff.public_id, factors=count)
    return count


def reset_since_last_sign_in(user: User) -> Entry | None:
    """The newest reset of this account's second factor that they have not been told of; asked at sign-in."""
    staff = getattr(user, "staff", None)
    if staff is None:
        return None
    since = timezone.now() - TOLD_OF
    resets = Entry.objects.filter(action=RESET, at__gt=since, detail__contains={"staff": staff.public_id})
    newest = resets.order_by("-at").first()
    if newest is None:
        return None
    signed_in = Entry.objects.filter(actor=user.public_id, action="access.sign_in", at__gt=newest.at)
    return None if signed_in.exists() else newest
