"""What one member of staff may today: the roles they hold, and the charts open to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from dayward.foundation.access.models import BreakGlass, CareTeamMember, RoleAssignment
from dayward.foundation.access.openers import openers
from dayward.foundation.access.roles import CHART_ROLES, ROLES, Role
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import lift, read, together
from dayward.kernel.permissions import Permission
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Held:
    """A role held today; `site_id` None is every site."""

    role: Role
    site_id: int | None

    def at(self, site_id: int | None) -> bool:
        return self.site_id is None or site_id is None or self.site_id == site_id


@dataclass(frozen=True)
class Opening:
    """Why a chart is open; `roles` None: with all roles held."""

    key: str
    roles: frozenset[str] | None = None


class Powers:
    """Asked many times in one request; each question to the database is asked once."""

    def __init__(self, staff: StaffMember | None, now: datetime | None = None) -> None:
        self.staff = staff
        self.now = now or timezone.now()

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """The roles of today, in each site's own day (a role for all sites: the first site's)."""
        return tuple(
            Held(ROLES[row.role], row.site_id) for row in self._rows if row.role in ROLES and self._valid(row)
        )

    @cached_property
    def open_glass(self) -> frozenset[int]:
        """Whose charts are open by break-glass: keys of rows of people. Every page asks for its banner."""
        return frozenset(key for row in self._rows for key in row.glass)

    @property
    def _rows(self) -> list[Any]:
        """Roles of any time, and open break-glass beside them."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[list[Any], list[Site]]:
        """Those rows and all sites, in one statement: nearly every page needs both."""
        sites = Site.objects.order_by("name")
        if self.staff is None:
            return [], list(sites)
        first_zone = Site.objects.order_by("id").values("time_zone")[:1]
        glass = BreakGlass.objects.filter(
            opened_by=OuterRef("staff__user"), opened_at__lte=self.now, expires_at__gt=self.now
        )
        rows = RoleAssignment.objects.filter(staff=self.staff).annotate(
            zone=Coalesce("site__time_zone", Subquery(first_zone)),
            glass=ArraySubquery(glass.values("person")),
        )
        held, everywhere = read([rows, sites])
        return held, everywhere

    def _valid(self, row: Any) -> bool:
        today = local_day(self.now, ZoneInfo(row.zone or "UTC"))
        return bool(row.starts_on <= today and (row.ends_on is None or today <= row.ends_on))

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Each role once, in the order of roles.py."""
        keys = {held.role.key for held in self.held}
        return tuple(role for key, role in ROLES.items() if key in keys)

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset[str]().union(*(held.role.permissions for held in self.held))

    @property
    def has_chart_role(self) -> bool:
        return any(role.key in CHART_ROLES for role in self.roles)

    def may(self, permission: Permission, site: Site | None = None) -> bool:
        """Whether a role held today (at `site`, if given) has the permission."""
        return any(
            permission.key in held.role.permissions and held.at(site.pk if site else None)
            for held in self.held
        )

    def sites(self, permission: Permission) -> list[Site]:
        """The sites where the permission holds."""
        held = [one for one in self.held if permission.key in one.role.permissions]
        return [site for site in self._read[1] if any(one.at(site.pk) for one in held)]

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
        able = self._able(permission)
        if not able:  # no role of theirs has it: nothing need be looked up
            return None
        return next((one for one in self._all() if self._covers(one, able)), None)

    def only_in_need(self, permission: Permission) -> bool:
        """Whether nothing but break-glass opens it: then nothing is given that outlasts the four hours."""
        opening = self.opening_for(permission)
        return opening is not None and opening.key == "break_glass"

    def is_open(self) -> bool:
        return next(self._all(), None) is not None

    def _able(self, permission: Permission) -> frozenset[str]:
        site_id = self.person.site_id
        return frozenset(
            held.role.key
            for held in self.powers.held
            if permission.key in held.role.permissions and held.at(site_id)
        )

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
        wide = frozenset(role.key for role in self.powers.roles if role.role_wide_charts)
        if wide:
            yield Opening("role", wide)
        if self._on_care_team(staff):
            yield Opening("care_team")
        keys = {role.key for role in self.powers.roles}
        fitting = {key: one for key, one in openers if one.roles is None or not one.roles.isdisjoint(keys)}
        answers = together(lift(one.opens(staff, self.person)) for one in fitting.values())
        for (key, opener), opens in zip(fitting.items(), answers, strict=True):
            if opens:
                yield Opening(key, opener.roles)
        if not self.powers.open_glass.isdisjoint(self.person.all_ids):
            yield Opening("break_glass")

    def _on_care_team(self, staff: StaffMember) -> bool:
        return CareTeamMember.objects.filter(
            staff=staff, person_id__in=self.person.all_ids, during__contains=self.powers.now
        ).exists()
