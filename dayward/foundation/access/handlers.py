"""What is written down about signing in and out. What was typed never is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from dayward.foundation.access.roles import ROLES
from dayward.foundation.access.services import tell_of_roles
from dayward.foundation.audit.actors import PUBLIC, staff_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import User
from dayward.ui import toasts

SIGN_IN = Entry.Kind.SIGN_IN


@receiver(user_logged_in)
def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    """A patient's sign-in by link or code is written down where the key is used."""
    if user.person_id is None:
        record(actor=staff_actor(user), action="access.sign_in", kind=SIGN_IN)
        if hasattr(kwargs.get("request"), "_messages"):
            _tell_of_roles(kwargs["request"], user)


def _tell_of_roles(request: HttpRequest, user: User) -> None:
    """Nobody opens charts in somebody's name unseen by them."""
    for assignment in tell_of_roles(actor=staff_actor(user)):
        role = gettext(ROLES[assignment.role].name)
        where = assignment.site.name if assignment.site else _("every site")
        text = _("You were given the role %(role)s (%(site)s). If you did not expect it, tell compliance.")
        toasts.warn(request, text % {"role": role, "site": where})


@receiver(user_logged_out)
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None and user.person_id is None:
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
