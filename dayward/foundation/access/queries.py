from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dayward.foundation.access.models import BreakGlass, CareTeamMember, RoleAssignment
from dayward.foundation.access.powers import ChartPowers, Powers
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.permissions import Permission


def staff_of(user: Any) -> StaffMember | None:
    """The member of staff behind an account, while they work here."""
    if not getattr(user, "is_authenticated", False):
        return None
    staff: StaffMember | None = getattr(user, "staff", None)
    return staff if staff and staff.works_on(timezone.now()) else None


def powers_of(user: Any) -> Powers:
    """What an account may; nothing for a patient's or an ended one."""
    return Powers(staff_of(user))


def may(user: Any, permission: Permission, site: Site | None = None) -> bool:
    """Whether one of the user's roles has the permission today (at `site`, if given)."""
    return powers_of(user).may(permission, site)


def chart_powers(user: Any, person: Person) -> ChartPowers:
    """What an account may do in one person's chart."""
    return powers_of(user).chart(person)


def staff_with_role(*roles: str, at: datetime | None = None) -> QuerySet[StaffMember]:
    """Who holds one of the roles today (UTC day; for lists to choose from, not for permission)."""
    today = (at or timezone.now()).date()
    held = RoleAssignment.objects.filter(role__in=roles, starts_on__lte=today).exclude(ends_on__lt=today)
    return StaffMember.objects.filter(pk__in=held.values("staff")).exclude(ended_on__lt=today)


def care_team(person: Person, at: datetime | None = None) -> QuerySet[CareTeamMember]:
    """Who treats the person now."""
    return (
        CareTeamMember.objects.filter(person_id__in=person.all_ids, during__contains=at or timezone.now())
        .select_related("staff")
        .order_by("function", "staff__family")
    )


def care_teams(people: Iterable[Person], at: datetime | None = None) -> QuerySet[CareTeamMember]:
    """The care teams of many people in one query."""
    return CareTeamMember.objects.filter(
        person__in=list(people), during__contains=at or timezone.now()
    ).select_related("staff")


def open_break_glass(user: User, at: datetime | None = None) -> QuerySet[BreakGlass]:
    """Charts this account has open by break-glass now."""
    now = at or timezone.now()
    return BreakGlass.objects.filter(opened_by=user, opened_at__lte=now, expires_at__gt=now)
