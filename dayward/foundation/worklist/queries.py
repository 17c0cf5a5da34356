from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from operator import add
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.models import CareTeamMember, RoleAssignment
from dayward.foundation.access.powers import EVERYBODY, Powers
from dayward.foundation.access.programs import people_of
from dayward.foundation.access.queries import my_people
from dayward.foundation.access.roles import ROLES
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import StaffMember
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.owners import FUNCTIONS, has_nobody, with_owner
from dayward.foundation.standards.queries import Owed, open_dues, ready, rules_now, with_rules
from dayward.foundation.standards.rules.pack import Rule
from dayward.foundation.worklist.permissions import OVERSEE
from dayward.kernel.gathering import Reading, all_of, alone
from dayward.kernel.prepared import Prepared, Slot

NEAR = timedelta(days=7)
AFTER_LATE = 9  # more than any rank of harm
InRole = tuple[
    str, int | None, frozenset[str]
]  # role, at which site (None: every one), for which programs (empty: all)


def mine(powers: Powers, now: datetime | None = None, *, ahead: timedelta | None = None) -> list[Owed]:
    """What this member of staff owes: theirs by name or care team, and what waits for a role they hold.

    Without the people it is about, as `of_my_people`: a page reads those it shows.
    """
    return alone(read_mine(powers, now, ahead=ahead, people=False))


def read_mine(
    powers: Powers, now: datetime | None = None, *, ahead: timedelta | None = None, people: bool = True
) -> Reading[list[Owed]]:
    assert powers.staff is not None
    at = now or timezone.now()
    roles = frozenset((each.role.key, each.site_id, each.programs) for each in powers.held)
    statement = _mine(roles, near=ahead is not None, people=people)
    values = {"staff": powers.staff.pk, "now": at, "until": at + (ahead or NEAR)}
    found = with_rules((yield from statement.reading(**values)))
    return [each for each in found if each.owner_id in {powers.staff.pk, None}]


@lru_cache(maxsize=500)
def _mine(roles: frozenset[InRole], *, near: bool, people: bool) -> Prepared[Due]:
    """What somebody with these roles could owe; one statement for all who work as the same."""
    until = Q(due_at__lt=Slot("until")) if near else Q()

    def make() -> QuerySet[Due]:
        among = open_dues().filter(_could_be_of(roles, Slot("staff"), Slot("now")), until)
        return ready(with_owner(among, Slot("now")), people=people)

    return Prepared(make)


def _could_be_of(roles: Iterable[InRole], staff: Slot, at: Slot) -> Q:
    """Theirs by name, of those for whom they have the role's function, or of a role they hold at the site where nobody
    of the care team has its function. What another of the same function goes before them for is among it.
    """
    found = _named(staff, at)
    for role, site, programs in roles:
        waits = Q(staff=None, role=role)
        if site:
            waits &= Q(site=site)
        if programs:
            waits &= people_of(programs, "person")
        if role in FUNCTIONS:
            waits &= Q(has_nobody(role, at))
        found |= waits
    return found


def _named(staff: Any, at: datetime | Slot) -> Q:
    """Theirs by name, or of those for whom they have the role's function: who owes it is looked up of these alone."""
    found = Q(staff=staff)
    for role, functions in FUNCTIONS.items():
        theirs = CareTeamMember.objects.at(at).filter(staff=staff, function__in=functions)
        found |= Q(staff=None, role=role, person__in=theirs.values("person"))
    return found


def of_my_people(powers: Powers) -> list[Owed]:
    """What is due of the people one treats, whoever owes it."""
    return with_rules(ready(open_dues().filter(person__in=my_people(powers)), people=False))


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

    def __add__(self, other: Age) -> Age:
        return Age(*map(add, astuple(self), astuple(other)))


NOTHING = Age(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class OwnerRow:
    owner: StaffMember | None  # None: nobody is named
    age: Age
    role: str = ""  # what nobody is named for
    holders: tuple[str, ...] = ()  # who has that role at the sites

    @property
    def name(self) -> str:
        if self.owner is not None:
            return self.owner.name
        role = ROLES.get(self.role)
        return _(role.name) if role else _("Nobody is named")

    @property
    def place(self) -> str:
        """The last part of its page's address."""
        return f"role-{self.role}"

    @property
    def note(self) -> str:
        """Why nobody is named, so that it can be mended."""
        if self.owner is not None:
            return ""
        names = ", ".join(self.holders) or _("Nobody has this role")
        if self.role in FUNCTIONS:
            return _("Nobody of the care team. At the site: %(names)s") % {"names": names}
        return names


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


def by_owner(sites: Collection[Site], now: datetime | None = None, within: Q = EVERYBODY) -> list[OwnerRow]:
    """Who owes how much at these sites, the most overdue first; `within`: about whom. Two queries."""
    return alone(read_by_owner(sites, now, within))


def read_by_owner(
    sites: Collection[Site], now: datetime | None = None, within: Q = EVERYBODY
) -> Reading[list[OwnerRow]]:
    at = now or timezone.now()
    rows = with_owner(open_dues().filter(within, site__in=sites), at).annotate(who=F("owner_id"))
    found = _by_who((yield from all_of(rows.values("who", "role").annotate(**_ages(at)).order_by())))
    owners = StaffMember.objects.filter(pk__in=[pk for pk, _role in found if pk is not None])
    holding = _holding(sites, [role for _pk, role in found if role], at)
    named, holders = yield [owners, holding]
    staff, names = {each.pk: each for each in named}, _names(holders)
    made = [
        OwnerRow(staff.get(pk) if pk else None, age, role, names.get(role, ()))
        for (pk, role), age in found.items()
        if _counts(age)
    ]
    return sorted(made, key=lambda row: (-row.age.overdue, -row.age.old, row.name))


def _by_who(rows: Iterable[dict[str, Any]]) -> dict[tuple[int | None, str], Age]:
    """What each owes in any role; what nobody is named for, by role."""
    found: dict[tuple[int | None, str], Age] = {}
    for row in rows:
        who = (row["who"], "" if row["who"] is not None else row["role"])
        found[who] = found.get(who, NOTHING) + _age(row)
    return found


def _holding(sites: Collection[Site], roles: Collection[str], at: datetime) -> QuerySet[RoleAssignment]:
    """Who holds these roles there today, give or take the day of another zone."""
    today = timezone.localdate(at)
    valid = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = RoleAssignment.objects.filter(valid, Q(site=None) | Q(site__in=sites), starts_on__lte=today)
    return rows.filter(role__in=roles).select_related("staff").order_by("role", "pk")


def _names(holders: Collection[RoleAssignment]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for each in holders:
        found.setdefault(each.role, {})[each.staff.name] = None
    return {role: tuple(names) for role, names in found.items()}


def by_rule(sites: Collection[Site], now: datetime | None = None, within: Q = EVERYBODY) -> list[RuleRow]:
    """What is overdue or near at these sites by rule, the most overdue first. Two queries."""
    at, rules = now or timezone.now(), rules_now()
    rows = (
        open_dues().filter(within, site__in=sites).values("rule").annotate(oldest=Min("due_at"), **_ages(at))
    )
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


def overseen(powers: Powers) -> tuple[list[Site], Q]:
    """The sites where the reader oversees, and of their dues those about people of their programs."""
    return powers.places(OVERSEE), powers.bound(OVERSEE, site="site")


def at_sites(powers: Powers) -> QuerySet[Due]:
    """Everything due where the reader oversees."""
    sites, within = overseen(powers)
    return open_dues().filter(within, site__in=sites)


def owed_by(
    rows: QuerySet[Due], staff: StaffMember | None, now: datetime | None = None, *, role: str = ""
) -> QuerySet[Due]:
    """Of these what one member of staff owes; None: what nobody is named for (of one role)."""
    at = now or timezone.now()
    among = rows.filter(_named(staff, at) if staff else Q(staff=None))
    found = with_owner(among, at).filter(Q(owner_id=staff.pk) if staff else Q(owner_id=None))
    return found.filter(role=role) if role else found


def by_urgency(rows: QuerySet[Due], now: datetime) -> QuerySet[Due]:
    """Overdue first, of these the worst harm first, then by date; as `rules.urgency`."""
    number: IntegerField[int, int] = IntegerField()
    late = Case(When(due_at__lt=now, then=F("harm")), default=Value(AFTER_LATE), output_field=number)
    return rows.annotate(urgency=late).order_by("urgency", "due_at", "pk")
