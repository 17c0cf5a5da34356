"""Who holds which role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import RoleAssignment
from dayward.foundation.access.programs import programs_at
from dayward.foundation.access.roles import CHART_ROLES, ROLES
from dayward.foundation.access.services.sessions import end_all_sessions
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    staff: StaffMember,
    role: str,
    site: Site | None = None,
    programs: Collection[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Give a role from a day (today if none is named) to a day, that day included; `programs`: for their people only.

    Nobody gives one to themselves; who receives one that opens charts is told at their next sign-in.
    """
    if actor.staff == staff:
        raise Refused(_("Nobody gives a role to themselves. Ask somebody else who keeps the staff."))
    first = starts_on or timezone.now().date() - timedelta(days=1)  # of every zone's today
    _check_role(staff, role, site, frozenset(programs), first, ends_on)
    assignment = RoleAssignment.objects.create(
        staff=staff,
        role=role,
        site=site,
        programs=sorted(programs),
        starts_on=first,
        ends_on=ends_on,
        told=role not in CHART_ROLES,
    )
    record(
        actor=actor,
        action="access.grant_role",
        subject=assignment,
        site=site,
        role=role,
        programs=sorted(programs),
        staff=staff.public_id,
    )
    _sign_out(actor, staff)
    return assignment


def _sign_out(actor: Actor, staff: StaffMember) -> None:
    """What they may has changed: they sign in anew, and are told. Not by set-up, which nobody sits in front of."""
    if actor.user is not None and staff.user is not None:
        end_all_sessions(actor=actor, user=staff.user)


def _check_role(
    staff: StaffMember,
    role: str,
    site: Site | None,
    programs: frozenset[str],
    first: date,
    last: date | None,
) -> None:
    if role not in ROLES:
        raise Refused(_("There is no such role."))
    if programs:
        _check_programs(role, site, programs)
    if last and last < first:
        raise Refused(_("The last day is before the first."))
    held = RoleAssignment.objects.filter(staff=staff, role=role, site=site).exclude(ends_on__lt=first)
    if last:
        held = held.filter(starts_on__lte=last)
    for one in held:
        if not programs or not one.programs or not programs.isdisjoint(one.programs):
            raise Refused(_("%(name)s has this role in that time already.") % {"name": staff.name})
        if one.starts_on == first:
            raise Refused(_("They have this role for other programs from that day. Choose another day."))


def _check_programs(role: str, site: Site | None, programs: frozenset[str]) -> None:
    if not ROLES[role].by_program:
        name = _(ROLES[role].name)
        raise Refused(_("%(role)s is a role for a whole site: it has no programs.") % {"role": name})
    known = {each.key for each in programs_at([site.pk])} if site is not None else set()
    if site is None or not programs <= known:
        raise Refused(_("Choose the site, and programs of that site."))


@transaction.atomic
def end_role(*, actor: Actor, assignment: RoleAssignment, on: date) -> RoleAssignment:
    """Let a role end: `on` is its last day."""
    if assignment.ends_on and assignment.ends_on <= on:
        raise Refused(_("This role ends earlier already."))
    assignment.ends_on = max(on, assignment.starts_on)
    assignment.save(update_fields=["ends_on"])
    record(
        actor=actor,
        action="access.end_role",
        subject=assignment,
        site=assignment.site,
        role=assignment.role,
        programs=assignment.programs,
        staff=assignment.staff.public_id,
    )
    _sign_out(actor, assignment.staff)
    return assignment


@transaction.atomic
def tell_of_roles(*, actor: Actor) -> list[RoleAssignment]:
    """The roles given to the actor that they have not been told of; from now on they have."""
    untold = RoleAssignment.objects.select_for_update().filter(staff=actor.staff, told=False)
    found = list(untold.order_by("pk")) if actor.staff else []
    if found:
        RoleAssignment.objects.filter(pk__in=[one.pk for one in found]).update(told=True)
        told = [one.public_id for one in found]
        record(actor=actor, action="access.tell_of_roles", subject=actor.staff, roles=told)
    return found
