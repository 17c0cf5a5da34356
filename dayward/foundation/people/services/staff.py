"""Staff: who works here, what they may sign as, and their sign-in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people import rules
from dayward.foundation.people.models import Credential, StaffMember, User
from dayward.kernel.errors import Refused

STAFF_FIELDS = frozenset(
    {"given", "family", "pronouns", "title", "npi", "phone", "supervisor", "started_on", "ended_on"}
)


@transaction.atomic
def add_staff(
    *,
    actor: Actor,
    given: str,
    family: str,
    email: str = "",
    password: str = "",
    site: Site | None = None,
    sites: tuple[Site, ...] = (),
    **fields: Any,
) -> StaffMember:
    """Somebody works here. With a mail address they can sign in, once a password is set."""
    if not (given.strip() and family.strip()):
        raise Refused(_("Write down the first and the last name."))
    _check_staff(fields, None)
    user = _account(email, password) if email else None
    staff = StaffMember.objects.create(user=user, given=given.strip(), family=family.strip(), **fields)
    staff.sites.add(*filter(None, (site, *sites)))
    record(actor=actor, action="people.add_staff", subject=staff, site=site)
    return staff


def _account(email: str, password: str) -> User:
    try:
        validate_email(email)
        if password:
            validate_password(password, User(email=email))
    except ValidationError as problem:
        raise Refused(reasons=problem.messages) from None
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Somebody signs in with this mail address already."))
    return User.objects.create_user(email=email, password=password or None)


def _check_staff(fields: dict[str, Any], staff: StaffMember | None) -> None:
    unknown = set(fields) - STAFF_FIELDS
    if unknown:
        raise TypeError(f"not about staff: {sorted(unknown)}")
    npi = fields.get("npi")
    if npi and not rules.npi_is_valid(npi):
        raise Refused(_("This NPI has a wrong digit: its check does not come out."))
    supervisor = fields.get("supervisor")
    if staff and supervisor and _above(supervisor, staff):
        raise Refused(_("Supervision would go in a circle."))


def _above(supervisor: StaffMember, staff: StaffMember) -> bool:
    edges = StaffMember.objects.exclude(supervisor=None).values_list("pk", "supervisor_id")
    return rules.would_circle({pk: above for pk, above in edges if above}, staff.pk, supervisor.pk)


@transaction.atomic
def update_staff(
    *, actor: Actor, staff: StaffMember, sites: tuple[Site, ...] | None = None, **changes: Any
) -> StaffMember:
    """Correct what is known of a member of staff; an ended one can no longer sign in."""
    _check_staff(changes, staff)
    changed = [name for name, value in changes.items() if getattr(staff, name) != value]
    for name in changed:
        setattr(staff, name, changes[name])
    staff.save(update_fields=changed)
    if sites is not None:
        staff.sites.set(sites)
    record(actor=actor, action="people.update_staff", subject=staff, fields=sorted(changed))
    return staff


@transaction.atomic
def set_sign_in(*, actor: Actor, staff: StaffMember, email: str) -> User:
    """Give a member of staff a sign-in, or correct its mail address. Its password only they themselves set."""
    if staff.user is None:
        staff.user = _account(email, "")
        staff.save(update_fields=["user"])
    else:
        _change_address(staff.user, email)
    record(actor=actor, action="people.set_sign_in", subject=staff)
    return staff.user


def _change_address(user: User, email: str) -> None:
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise Refused(_("Somebody signs in with this mail address already."))
    user.email = email.lower()
    user.save(update_fields=["email"])


@transaction.atomic
def set_own_password(*, actor: Actor, password: str) -> User:
    """Somebody who works here sets the password they themselves sign in with; other sessions end with it."""
    user = actor.user
    if user is None or actor.staff is None:
        raise Refused(_("Only a person who works here can do this."))
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused(reasons=problem.messages) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=actor, action="people.set_own_password", subject=actor.staff)
    return user


@transaction.atomic
def add_credential(
    *,
    actor: Actor,
    staff: StaffMember,
    kind: str,
    license_number: str = "",
    license_state: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> Credential:
    """What a member of staff may sign as; told again, the newer dates count."""
    if issued_on and expires_on and expires_on < issued_on:
        raise Refused(_("The license ends before it starts."))
    credential, _made = Credential.objects.update_or_create(
        staff=staff,
        kind=kind,
        license_state=license_state.upper(),
        defaults={"license_number": license_number, "issued_on": issued_on, "expires_on": expires_on},
    )
    record(actor=actor, action="people.add_credential", subject=credential, staff=staff.public_id)
    return credential
