"""What is written down about signing in and out. What was typed never is."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from dayward.foundation.access.programs import names_of_programs
from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.services import (
    end_all_sessions,
    note_signed_in,
    note_signed_out,
    own_session,
    reset_since_last_sign_in,
    tell_of_roles,
)
from dayward.foundation.audit.actors import PUBLIC, staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import StaffMember, User
from dayward.ui import toasts

SIGN_IN = Entry.Kind.SIGN_IN


@receiver(user_logged_in)
def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    """A patient's sign-in by link or code is written down where the key is used."""
    if user.person_id is None:
        request = kwargs["request"]
        reset = reset_since_last_sign_in(user)
        record(actor=staff_actor(user), action="access.sign_in", kind=SIGN_IN)
        note_signed_in(request=request, user=user)
        if hasattr(request, "_messages"):
            _tell_of_roles(request, user)
            _tell_of_reset(request, reset)


def _tell_of_reset(request: HttpRequest, reset: Entry | None) -> None:
    """Nobody signs in in somebody's name unseen by them."""
    if reset is not None:
        by = StaffMember.objects.filter(user__public_id=reset.actor).first()
        text = _("%(name)s took your second factor away. If you did not ask for that, tell compliance.")
        toasts.warn(request, text % {"name": by.name if by else _("Somebody")})


def _tell_of_roles(request: HttpRequest, user: User) -> None:
    """Nobody opens charts in somebody's name unseen by them."""
    for assignment in tell_of_roles(actor=staff_actor(user)):
        role = gettext(ROLES[assignment.role].name)
        where = assignment.site.name if assignment.site else _("every site")
        if assignment.programs:
            names = names_of_programs(assignment.programs, [assignment.site_id or 0])
            where = f"{where}: {', '.join(names)}"
        text = _("You were given the role %(role)s (%(site)s). If you did not expect it, tell compliance.")
        toasts.warn(request, text % {"role": role, "site": where})


@receiver(user_logged_out)
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None and user.person_id is None:
        note_signed_out(request=kwargs["request"], user=user)
        record(actor=staff_actor(user), action="access.sign_out", kind=SIGN_IN)


@receiver(user_login_failed)
def failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Whose account was tried, if there is one by that mail address."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    account = User.objects.filter(email__iexact=tried).first() if tried else None
    with transaction.atomic():
        record(
            actor=PUBLIC,
            action="access.sign_in_failed",
            kind=SIGN_IN,
            account=account.public_id if account else "",
        )


@receiver(password_changed)
def changed_password(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever was signed in with the old one is signed out; this session stays."""
    record(actor=staff_actor(user), action="access.change_password")
    end_all_sessions(actor=staff_actor(user), user=user, but=own_session(request))


@receiver(authenticator_added)
def added_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    record(actor=staff_actor(user), action="access.add_second_factor", factor=str(authenticator.type))


@receiver(authenticator_removed)
def removed_factor(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    record(actor=staff_actor(user), action="access.remove_second_factor", factor=str(authenticator.type))


@receiver(authenticator_reset)
def new_codes(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(actor=staff_actor(user), action="access.new_recovery_codes")
