"""Somebody new works here: their row, their roles, what they sign as, and the link by which they set a password."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.foundation.access.programs import programs_at
from dayward.foundation.access.services.roles import grant_role
from dayward.foundation.access.services.sign_in import make_sign_in_link
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.foundation.people.services import add_credential, add_staff
from dayward.kernel.errors import Refused


@dataclass(frozen=True)
class Invited:
    """Who was invited, and the secret of their link: told this once."""

    staff: StaffMember
    secret: str


@transaction.atomic
def invite(
    *,
    actor: Actor,
    given: str,
    family: str,
    email: str,
    sites: Sequence[Site],
    roles: Sequence[str],
    programs: Collection[str] = (),
    everywhere: bool = False,
    starts_on: date | None = None,
    credential: dict[str, Any] | None = None,
    **about: Any,
) -> Invited:
    """Write down who it is and what they may from their first day on; all of it or nothing.

    `programs` (of each of the sites): their roles are for the people of these only.
    """
    if not email.strip():
        raise Refused(_("Write down their mail address first."))
    staff = add_staff(
        actor=actor,
        given=given,
        family=family,
        email=email,
        sites=tuple(sites),
        started_on=starts_on,
        **about,
    )
    for site, keys in [(None, frozenset(programs))] if everywhere else _by_site(sites, frozenset(programs)):
        for role in roles:
            grant_role(actor=actor, staff=staff, role=role, site=site, programs=keys, starts_on=starts_on)
    if credential:
        add_credential(actor=actor, staff=staff, **credential)
    secret = make_sign_in_link(actor=actor, staff=staff)
    record(
        actor=actor,
        action="access.invite",
        subject=staff,
        roles=sorted(roles),
        programs=sorted(programs),
        everywhere=everywhere,
    )
    return Invited(staff, secret)


def _by_site(sites: Sequence[Site], programs: frozenset[str]) -> list[tuple[Site, frozenset[str]]]:
    """Each site with those of its programs that were chosen; a site without one would open all of it."""
    found = [(site, programs & {each.key for each in programs_at([site.pk])}) for site in sites]
    chosen = frozenset[str]().union(*(keys for _site, keys in found))
    if programs and not (chosen == programs and all(keys for _site, keys in found)):
        raise Refused(_("Choose programs of each site they work at and of no other, or none at all."))
    return found
