"""What one member of staff may today: the roles they hold, and the charts open to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from dayward.foundation.access.models import BreakGlass, CareTeamMember, RoleAssignment
from dayward.foundation.access.openers import openers
from dayward.foundation.access.programs import people_of, read_programs_of
from dayward.foundation.access.roles import CHART_ROLES, HOUSE, ROLES, Role
from dayward.foundation.access.rules import is_about
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Selected, alone, lift, read, together
from dayward.kernel.permissions import Permission
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day

EVERYBODY = Q()  # of rows about people: no role for some programs only leaves any out


@dataclass(frozen=True)
class Held:
    """A role held today; `site_id` None is every site. `programs` (public ids): only about their people."""

    role: Role
    site_id: int | None
    programs: frozenset[str] = frozenset()

    @property
    def permissions(self) -> frozenset[str]:
        return self.role.permissions - HOUSE if self.programs else self.role.permissions

    def at(self, site_id: int | None) -> bool:
        return self.site_id is None or site_id is None or self.site_id == site_id

    def reaches(self, programs: Collection[str]) -> bool:
        """Whether it is about somebody who belongs to these programs."""
        return is_about(self.programs, programs)


@dataclass(frozen=True)
class Opening:
    """Why a chart is open; `roles` None: with all roles held."""

    key: str
    roles: frozenset[str] | None = None


class Known(NamedTuple):
    """What is read of a member of staff: roles of any time, all sites, and whose charts they have open in need."""

    roles: list[RoleAssignment]
    sites: list[Site]
    glass: list[int]


HELD = Prepared(lambda: RoleAssignment.objects.filter(staff=Slot("staff")))
HELD_BY_ACCOUNT = Prepared(lambda: RoleAssignment.objects.filter(staff__user=Slot("user")))
SITES = Prepared(lambda: Site.objects.order_by("name"))
GLASS = Prepared(
    lambda: BreakGlass.objects.filter(
        opened_by=Slot("user"), opened_at__lte=Slot("now"), expires_at__gt=Slot("now")
    ).values_list("person_id", flat=True)
)
ON_TEAM = Prepared(
    lambda: (
        CareTeamMember.objects.at(Slot("now"))
        .filter(Among("person", Slot("people")), staff=Slot("staff"))
        .values_list("pk", flat=True)[:1]
    )
)


def asked_with_account(user: int) -> list[Selected]:
    """What `Known` is made of, for the account of a request, whose staff is not known yet."""
    return [
        HELD_BY_ACCOUNT.filled(user=user),
        SITES.filled(),
        GLASS.filled(user=user, now=timezone.now()),
    ]


class Powers:
    """Asked many times in one request; each question to the database is asked once."""

    def __init__(
        self, staff: StaffMember | None, now: datetime | None = None, known: Known | None = None
    ) -> None:
        """`known`: what was read with the account."""
        self.staff = staff
        self.now = now or timezone.now()
        self._known = known

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """The roles of today, in each site's own day (a role for all sites: the first site's)."""
        return tuple(
            Held(ROLES[row.role], row.site_id, frozenset(row.programs))
            for row in self._read.roles
            if row.role in ROLES and self._valid(row)
        )

    @cached_property
    def open_glass(self) -> frozenset[int]:
        """Whose charts are open by break-glass: keys of rows of people. Every page asks for its banner."""
        return frozenset(self._read.glass)

    @cached_property
    def _read(self) -> Known:
        """In one statement: nearly every page needs all of it."""
        if self.staff is None:
            return Known([], self._known.sites if self._known else SITES.rows(), [])
        if self._known is not None:
            return self._known
        glass = GLASS.filled(user=self.staff.user_id, now=self.now)
        return Known(*read([HELD.filled(staff=self.staff.pk), SITES.filled(), glass]))

    def _valid(self, row: RoleAssignment) -> bool:
        today = local_day(self.now, self._zone(row.site_id))
        return row.starts_on <= today and (row.ends_on is None or today <= row.ends_on)

    def _zone(self, site: int | None) -> ZoneInfo:
        """A site's; for all sites that of the first."""
        zones = {each.pk: each.zone for each in self._read.sites}
        return zones.get(site or min(zones, default=0), ZoneInfo("UTC"))

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Each role once, in the order of roles.py."""
        keys = {held.role.key for held in self.held}
        return tuple(role for key, role in ROLES.items() if key in keys)

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset[str]().union(*(held.permissions for held in self.held))

    @property
    def has_chart_role(self) -> bool:
        return any(role.key in CHART_ROLES for role in self.roles)

    def may(self, permission: Permission, site: Site | None = None) -> bool:
        """Whether a role held today (at `site`, if given) has the permission."""
        return self.may_at(permission, site.pk if site else None)

    def may_at(self, permission: Permission, site_id: int | None) -> bool:
        """The same where only the site's key was read."""
        return any(permission.key in held.permissions and held.at(site_id) for held in self.held)

    def _giving(self, permission: Permission) -> list[Held]:
        return [one for one in self.held if permission.key in one.permissions]

    def sites(self, permission: Permission) -> list[Site]:
        """The sites where the permission holds for everybody there; lists of people ask `places` and `bound`."""
        held = [one for one in self._giving(permission) if not one.programs]
        return [site for site in self._read.sites if any(one.at(site.pk) for one in held)]

    def everywhere(self, permission: Permission) -> bool:
        """Whether it holds at every site there is: for what all share."""
        return len(self.sites(permission)) == len(self._read.sites)

    def of_sites(self, permission: Permission, site: str) -> Q:
        """Of rows with a site (at this path) those of `sites`; rows of none only where it holds everywhere."""
        return Q() if self.everywhere(permission) else Q(**{f"{site}__in": self.sites(permission)})

    def places(self, permission: Permission) -> list[Site]:
        """The sites where the permission holds, be it for some programs only."""
        held = self._giving(permission)
        return [site for site in self._read.sites if any(one.at(site.pk) for one in held)]

    def bound(self, permission: Permission, person: str = "person", site: str = "") -> Q:
        """Of rows about people of `places` those that the permission is for; all where no role is for programs only.

        `person`: the path to the person (empty: rows of people); `site`: to the site, else the person's.
        """
        some = self._only_programs(permission)
        if not some:
            return EVERYBODY
        path = site or (f"{person}__site" if person else "site")
        return ~Q(**{f"{path}__in": list(some)}) | people_of(frozenset().union(*some.values()), person)

    def of_programs(self, permission: Permission, program: str = "") -> Q:
        """The same of rows with a program (at this path; empty: of programs)."""
        some, path = self._only_programs(permission), f"{program}__" if program else ""
        if not some:
            return EVERYBODY
        keys = frozenset[str]().union(*some.values())
        return ~Q(**{f"{path}site__in": list(some)}) | Q(**{f"{path}public_id__in": keys})

    def _only_programs(self, permission: Permission) -> dict[int, frozenset[str]]:
        """By site, where it holds for some programs only, which."""
        held = self._giving(permission)
        whole = {one.site_id for one in held if not one.programs}
        found: dict[int, frozenset[str]] = {}
        for one in held:
            if one.programs and one.site_id is not None and whole.isdisjoint({None, one.site_id}):
                found[one.site_id] = found.get(one.site_id, frozenset()) | one.programs
        return found

    def chart(self, person: Person) -> ChartPowers:
        return ChartPowers(self, person)


class ChartPowers:
    """What may be done in one person's chart: a permission counts only through what opens the chart."""

    def __init__(self, powers: Powers, person: Person) -> None:
        self.powers = powers
        self.person = person
        self._seen: list[Opening] = []
        self._openings = self._look()

    def may(self, permission: Permission, site: Site | None = None) -> bool:
        """Whether the chart is open to a role that has the permission."""
        return self.opening_for(permission) is not None

    def opening_for(self, permission: Permission) -> Opening | None:
        """What opens the chart for this permission; the first found, in the order of `_look`."""
        in_need = self._able(permission, self._here)
        if not in_need:  # no role of theirs has it: nothing need be looked up
            return None
        able = self._able(permission, self._theirs)
        found = (
            one for one in self._all() if self._covers(one, in_need if one.key == "break_glass" else able)
        )
        return next(found, None)

    def only_in_need(self, permission: Permission) -> bool:
        """Whether nothing but break-glass opens it: then nothing is given that outlasts the four hours."""
        opening = self.opening_for(permission)
        return opening is not None and opening.key == "break_glass"

    def is_open(self) -> bool:
        return next(self._all(), None) is not None

    @property
    def is_theirs(self) -> bool:
        """Whether the person is of a site and program that a role of the reader is for."""
        return bool(self._theirs)

    @cached_property
    def _here(self) -> tuple[Held, ...]:
        """The roles held at the person's site: of these break-glass makes use, whichever the program."""
        return tuple(held for held in self.powers.held if held.at(self.person.site_id))

    @cached_property
    def _theirs(self) -> tuple[Held, ...]:
        """Of these the ones that are about the person; one query where a role is for some programs only."""
        if not any(held.programs for held in self._here):
            return self._here
        found = alone(read_programs_of(self.person.all_ids))
        programs = frozenset[str]().union(*found.values())
        return tuple(held for held in self._here if held.reaches(programs))

    @staticmethod
    def _able(permission: Permission, held: Iterable[Held]) -> frozenset[str]:
        return frozenset(one.role.key for one in held if permission.key in one.permissions)

    @staticmethod
    def _covers(opening: Opening, able: Iterable[str]) -> bool:
        return opening.roles is None or not opening.roles.isdisjoint(able)

    def _all(self) -> Iterator[Opening]:
        yield from tuple(self._seen)
        for opening in self._openings:
            self._seen.append(opening)
            yield opening

    def _look(self) -> Iterator[Opening]:
        """Cheapest first; break-glass last, so that it is named only where nothing else opens."""
        staff = self.powers.staff
        if staff is None or not self.powers.has_chart_role:
            return
        if self._theirs:
            yield from self._usual(staff)
        if not self.powers.open_glass.isdisjoint(self.person.all_ids):
            yield Opening("break_glass")

    def _usual(self, staff: StaffMember) -> Iterator[Opening]:
        wide = frozenset(held.role.key for held in self._theirs if held.role.role_wide_charts)
        if wide:
            yield Opening("role", wide)
        if self._on_care_team(staff):
            yield Opening("care_team")
        keys = {held.role.key for held in self._theirs}
        fitting = {key: one for key, one in openers if one.roles is None or not one.roles.isdisjoint(keys)}
        answers = together(lift(one.opens(staff, self.person)) for one in fitting.values())
        for (key, opener), opens in zip(fitting.items(), answers, strict=True):
            if opens:
                yield Opening(key, opener.roles)

    def _on_care_team(self, staff: StaffMember) -> bool:
        return bool(ON_TEAM.rows(staff=staff.pk, people=self.person.all_ids, now=self.powers.now))
