from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import CareTeamMember
from dayward.foundation.access.powers import Powers
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.foundation.standards import library
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.owners import with_owner
from dayward.foundation.standards.queries import Owed, open_dues, owed, ready, with_rules
from dayward.foundation.standards.rules.pack import Rule
from dayward.foundation.worklist.permissions import OVERSEE
from dayward.kernel.gathering import Reading, all_of, alone

NEAR = timedelta(days=7)


def mine(powers: Powers, now: datetime | None = None, *, ahead: timedelta | None = None) -> list[Owed]:
    """What this member of staff owes: theirs by name or care team, and what waits for a role they hold."""
    return alone(read_mine(powers, now, ahead=ahead))


def read_mine(
    powers: Powers, now: datetime | None = None, *, ahead: timedelta | None = None
) -> Reading[list[Owed]]:
    at = now or timezone.now()
    rows = with_owner(open_dues(), at).filter(_owed_by(powers))
    if ahead is not None:
        rows = rows.filter(due_at__lt=at + ahead)
    return with_rules((yield from all_of(ready(rows))))


def _owed_by(powers: Powers) -> Q:
    assert powers.staff is not None
    theirs = Q(owner_id=powers.staff.pk)
    for held in powers.held:  # nobody of a care team is named: whoever holds the role at the site
        at_site = Q(site=held.site_id) if held.site_id else Q()
        theirs |= Q(owner_id=None, role=held.role.key) & at_site
    return theirs


def of_my_people(powers: Powers, now: datetime | None = None) -> list[Owed]:
    """What is due of the people one treats, whoever owes it."""
    at = now or timezone.now()
    treated = CareTeamMember.objects.filter(staff=powers.staff, during__contains=at).values("person")
    return owed(open_dues().filter(person__in=treated))


@dataclass(frozen=True)
class Age:
    """How many are how late."""

    old: int  # a week and more
    late: int  # less than a week
    today: int  # due within a day
    near: int  # due within a week
    past: int  # of the late ones, those over the hard line too

    @property
    def overdue(self) -> int:
        return self.old + self.late


@dataclass(frozen=True)
class OwnerRow:
    owner: StaffMember | None  # None: nobody is named
    age: Age


@dataclass(frozen=True)
class RuleRow:
    rule: Rule
    age: Age
    oldest: datetime

    @property
    def title(self) -> str:
        return _(self.rule.title)

    @property
    def near(self) -> int:
        """What comes within a week, the next day included."""
        return self.age.today + self.age.near


def by_owner(sites: Collection[Site], now: datetime | None = None) -> list[OwnerRow]:
    """Who owes how much at these sites, the most overdue first. Two queries."""
    return alone(read_by_owner(sites, now))


def read_by_owner(sites: Collection[Site], now: datetime | None = None) -> Reading[list[OwnerRow]]:
    at = now or timezone.now()
    rows = with_owner(open_dues().filter(site__in=sites), at).values(who=F("owner_id")).annotate(**_ages(at))
    found = [(row["who"], _age(row)) for row in (yield from all_of(rows.order_by()))]
    owners = StaffMember.objects.filter(pk__in=[pk for pk, _each in found if pk is not None])
    staff = {each.pk: each for each in (yield from all_of(owners))}
    made = [OwnerRow(staff.get(pk) if pk else None, age) for pk, age in found if _counts(age)]
    return sorted(made, key=lambda row: (-row.age.overdue, -row.age.old, row.owner.name if row.owner else ""))


def by_rule(sites: Collection[Site], now: datetime | None = None) -> list[RuleRow]:
    """What is overdue or near at these sites by rule, the most overdue first. One query."""
    at, rules = now or timezone.now(), library.rules()
    rows = open_dues().filter(site__in=sites).values("rule").annotate(oldest=Min("due_at"), **_ages(at))
    made = [
        RuleRow(rules[row["rule"]], _age(row), row["oldest"])
        for row in rows.order_by()
        if row["rule"] in rules
    ]
    return sorted((row for row in made if _counts(row.age)), key=lambda row: (-row.age.overdue, row.oldest))


def _counts(age: Age) -> bool:
    return bool(age.overdue or age.today or age.near)


def _ages(now: datetime) -> dict[str, Any]:
    week, day = now - NEAR, now + timedelta(days=1)
    return {
        "old": Count("pk", filter=Q(due_at__lt=week)),
        "late": Count("pk", filter=Q(due_at__gte=week, due_at__lt=now)),
        "today": Count("pk", filter=Q(due_at__gte=now, due_at__lt=day)),
        "near": Count("pk", filter=Q(due_at__gte=day, due_at__lt=now + NEAR)),
        "past": Count("pk", filter=Q(hard_at__lt=now)),
    }


def _age(row: dict[str, Any]) -> Age:
    return Age(row["old"], row["late"], row["today"], row["near"], row["past"])


def at_sites(powers: Powers) -> QuerySet[Due]:
    """Everything due where the reader oversees."""
    return open_dues().filter(site__in=powers.sites(OVERSEE))


def owed_by(rows: QuerySet[Due], staff: StaffMember | None, now: datetime | None = None) -> QuerySet[Due]:
    """Of these what one member of staff owes; None: what nobody is named for."""
    found = with_owner(rows, now)
    return found.filter(Q(owner_id=staff.pk) if staff else Q(owner_id=None))
