from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from dayward.foundation.access.models import BreakGlass, CareTeamMember, RoleAssignment, SignInLink
from dayward.foundation.access.openers import openers
from dayward.foundation.access.permissions import REVIEW
from dayward.foundation.access.powers import Held, Powers
from dayward.foundation.access.programs import read_programs_of
from dayward.foundation.access.roles import ROLES, Role
from dayward.foundation.access.rules import is_about
from dayward.foundation.organization.models import Site
from dayward.foundation.people import rules
from dayward.foundation.people.models import Credential, Person, StaffMember, User
from dayward.foundation.people.permissions import READ
from dayward.foundation.people.queries import appointments_of
from dayward.kernel.gathering import Reading, all_of, alone, side_by_side
from dayward.kernel.permissions import Permission
from dayward.kernel.prepared import Among, Prepared, Slot


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


def running_roles(staff: StaffMember, at: datetime | None = None) -> QuerySet[RoleAssignment]:
    """The roles somebody holds or will hold."""
    return RoleAssignment.objects.filter(staff=staff).exclude(ends_on__lt=timezone.localdate(at))


def of_their_programs(held: Iterable[RoleAssignment], person: Person) -> list[RoleAssignment]:
    """Of these roles those that are about the person; a query only where one is for some programs."""
    rows = list(held)
    if not any(row.programs for row in rows):
        return rows
    programs = frozenset[str]().union(*alone(read_programs_of(person.all_ids)).values())
    return [row for row in rows if is_about(row.programs, programs)]


def staff_with_role(*roles: str, at: datetime | None = None) -> QuerySet[StaffMember]:
    """Who holds one of the roles today: for lists to choose from, not for permission."""
    today = timezone.localdate(at)
    held = RoleAssignment.objects.filter(role__in=roles, starts_on__lte=today).exclude(ends_on__lt=today)
    return StaffMember.objects.filter(pk__in=held.values("staff")).exclude(ended_on__lt=today)


def care_team(person: Person, at: datetime | None = None) -> QuerySet[CareTeamMember]:
    """Who treats the person now."""
    return _treating(Q(person_id__in=person.all_ids), at or timezone.now())


def _treating(persons: Q | Among, now: datetime | Slot) -> QuerySet[CareTeamMember]:
    rows = CareTeamMember.objects.at(now).filter(persons)
    return rows.select_related("staff").order_by("function", "staff__family")


_TEAM = Prepared(lambda: _treating(Among("person", Slot("people")), Slot("now")))


def read_care_team(person: Person) -> Reading[list[CareTeamMember]]:
    """Who treats the person now."""
    return _TEAM.reading(people=person.all_ids, now=timezone.now())


def care_teams(people: Iterable[Person], at: datetime | None = None) -> QuerySet[CareTeamMember]:
    """The care teams of many people in one query."""
    now = at or timezone.now()
    return CareTeamMember.objects.at(now).filter(person__in=list(people)).select_related("staff")


def open_break_glass(user: User, at: datetime | None = None) -> QuerySet[BreakGlass]:
    """Charts this account has open by break-glass now."""
    now = at or timezone.now()
    return BreakGlass.objects.filter(opened_by=user, opened_at__lte=now, expires_at__gt=now)


def openings_to_see(powers: Powers) -> QuerySet[BreakGlass]:
    """Those that a compliance officer reviews: of their sites."""
    return BreakGlass.objects.filter(powers.of_sites(REVIEW, "person__site"))


@dataclass(frozen=True)
class SignIn:
    """How somebody gets in: no mail address (none), no password yet (waiting, lapsed), or one of their own (set)."""

    state: str
    until: datetime | None = None  # until when a link that was made can be used


def sign_in_of(staff: StaffMember, links: Iterable[SignInLink], now: datetime) -> SignIn:
    """Where their sign-in stands, from the links made for them."""
    if staff.user is None:
        return SignIn("none")
    until = max((one.expires_at for one in links if not one.used_at and one.expires_at > now), default=None)
    if staff.user.has_usable_password():
        return SignIn("set", until)
    return SignIn("waiting" if until else "lapsed", until)


@dataclass(frozen=True)
class DirectoryRow:
    """One member of staff in the directory."""

    staff: StaffMember
    roles: list[Role]
    later: list[Role]  # that begin later
    over: bool
    sign_in: SignIn


def works_here() -> QuerySet[StaffMember]:
    """Everybody who works or worked here, with what a row of the directory shows."""
    running = RoleAssignment.objects.exclude(ends_on__lt=timezone.localdate())
    return StaffMember.objects.select_related("supervisor", "user").prefetch_related(
        "sites", "credentials", "user__sign_in_links", Prefetch("roles", running, to_attr="running")
    )


def directory(rows: Iterable[StaffMember]) -> list[DirectoryRow]:
    """Those of `works_here`, with the roles of today and how they get in."""
    now = timezone.now()
    return [_directory_row(row, now) for row in rows]


def _directory_row(staff: Any, now: datetime) -> DirectoryRow:
    held = {one.role for one in staff.running if one.starts_on <= timezone.localdate(now)}
    later = {one.role for one in staff.running} - held
    return DirectoryRow(
        staff=staff,
        roles=[role for key, role in ROLES.items() if key in held],
        later=[role for key, role in ROLES.items() if key in later],
        over=not staff.works_on(now),
        sign_in=sign_in_of(staff, staff.user.sign_in_links.all() if staff.user else (), now),
    )


@dataclass(frozen=True)
class LicenseLine:
    """A credential and whether it still holds: valid, soon, expired, none."""

    credential: Credential
    state: str


def license_lines(staff: StaffMember) -> list[LicenseLine]:
    """All credentials of one member of staff."""
    return _license_lines(_credentials().filter(staff=staff))


def read_ending_licenses() -> Reading[list[LicenseLine]]:
    """Of everybody who works here those that run out within 60 days or have."""
    rows = yield from all_of(_credentials().filter(staff__ended_on=None, expires_on__isnull=False))
    return [line for line in _license_lines(rows) if line.state in ("expired", "soon")]


def _credentials() -> QuerySet[Credential]:
    return Credential.objects.select_related("staff").order_by("expires_on", "pk")


def _license_lines(rows: Iterable[Credential]) -> list[LicenseLine]:
    today = timezone.localdate()
    return [LicenseLine(row, rules.license_state(row.expires_on, today)) for row in rows]


class Whose(NamedTuple):
    """Whose chart is asked for, where a long list has read no more of the person."""

    pk: int
    site_id: int | None


def open_charts(powers: Powers, people: Iterable[Person | Whose], permission: Permission) -> set[int]:
    """Of many people those (by key) whose chart is open through a role-wide duty, the care team or an opener.

    One query, for any number; what an opener cannot say of many at once is left out, so that a list shows less,
    never more.
    """
    return alone(read_open_charts(powers, people, permission))


TREATED = Prepared(
    lambda: (
        CareTeamMember.objects.at(Slot("now")).filter(staff=Slot("staff")).values_list("person_id", flat=True)
    )
)


def read_open_charts(
    powers: Powers, people: Iterable[Person | Whose], permission: Permission
) -> Reading[set[int]]:
    rows = list(people)
    held = [one for one in powers.held if permission.key in one.permissions]
    programs: dict[int, frozenset[str]] = {}
    if any(one.programs for one in held):
        programs = yield from read_programs_of([row.pk for row in rows])
    alike: dict[tuple[int | None, frozenset[str]], set[int]] = {}  # of one site and the same programs
    for row in rows:
        alike.setdefault((row.site_id, programs.get(row.pk, frozenset())), set()).add(row.pk)

    def reached(some: Iterable[Held]) -> set[int]:
        roles = list(some)
        groups = (
            keys
            for (site, theirs), keys in alike.items()
            if any(one.at(site) and one.reaches(theirs) for one in roles)
        )
        return set[int]().union(*groups)

    open_to_all = reached(one for one in held if one.role.role_wide_charts)
    rest = reached(held) - open_to_all
    if not rest or powers.staff is None:
        return open_to_all
    asked = [_among(rest, TREATED.reading(staff=powers.staff.pk, now=powers.now))]
    for _key, opener in openers:
        left = rest & reached(one for one in held if opener.roles is None or one.role.key in opener.roles)
        if opener.opens_many is not None and left:
            asked.append(_among(left, opener.opens_many(powers.staff, left)))
    return open_to_all.union(*(yield from side_by_side(asked)))


def _among(people: set[int], opened: Reading[Iterable[int]]) -> Reading[set[int]]:
    return people.intersection((yield from opened))


def oversees(powers: Powers, permission: Permission, site: int | None, seated: QuerySet[Person]) -> bool:
    """Whether a role-wide duty is for everybody in a session: of its site, or of the programs of all of them."""
    wide = [
        one
        for one in powers.held
        if one.role.role_wide_charts and permission.key in one.permissions and one.at(site)
    ]
    if not wide or not all(one.programs for one in wide):
        return bool(wide)
    rows = list(seated)
    return bool(rows) and open_charts(powers, rows, permission) == {row.pk for row in rows}


def my_people(powers: Powers) -> QuerySet[Person]:
    """Everybody on whose care team somebody is now and whom a role of theirs is about, each once."""
    treated = CareTeamMember.objects.at(powers.now).filter(staff=powers.staff).values("person")
    here = Q(site=None) | Q(site__in=powers.places(READ))
    found = Person.objects.filter(here, powers.bound(READ, ""), pk__in=treated)
    return found.order_by("legal_family", "legal_given", "pk")


@dataclass(frozen=True)
class Expected:
    """Somebody one treats, and when they are expected next."""

    person: Person
    next: datetime | None


def soonest(people: Sequence[Person]) -> list[Expected]:
    """Who is expected next first; at the end who is not expected."""
    times = appointments_of(people)
    ordered = sorted(people, key=lambda person: (person.pk not in times, times.get(person.pk), person.pk))
    return [Expected(person, times.get(person.pk)) for person in ordered]
