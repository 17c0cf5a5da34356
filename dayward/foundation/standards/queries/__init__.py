"""What is due. Nobody else works out a due date: pages, timers and evidence ask here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards import library, policies
from dayward.foundation.standards.models import Due, PolicyRule
from dayward.foundation.standards.owners import with_owner
from dayward.foundation.standards.rules.clock import end_of
from dayward.foundation.standards.rules.pack import Rule
from dayward.kernel.errors import Misconfigured
from dayward.kernel.models import Constant
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class Owed:
    """One due with the rule that says so."""

    due: Due
    rule: Rule
    owner_id: int | None

    @property
    def is_open(self) -> bool:
        return self.due.state == Due.State.OPEN

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.due.due_at < now


def open_dues() -> QuerySet[Due]:
    return Due.objects.filter(state=Constant(Due.State.OPEN))


def owed(dues: QuerySet[Due]) -> list[Owed]:
    """The rows with their rules, the most urgent first, in one query."""
    return with_rules(ready(dues))


def ready(dues: QuerySet[Due], *, people: bool = True) -> QuerySet[Due]:
    """With what `with_rules` needs of each, the most urgent first. Without `people` where hundreds are read and a
    page of them shown: it then reads those itself."""
    rows = dues if "owner_id" in dues.query.annotations else with_owner(dues)
    rows = rows.annotate(person_site=F("person__site")).order_by("due_at", "pk")
    if people:
        return rows.select_related("person", "site", "policy")
    return rows.prefetch_related("site", "policy")  # few, the same again and again


def with_rules(rows: Iterable[Due]) -> list[Owed]:
    """Rows of `ready` with their rules; those of rules long gone are left out."""
    said: dict[int, Rule] = {}
    found = []
    for row in rows:
        rule = _rule_of(row, said)
        if rule is not None:
            found.append(Owed(row, rule, getattr(row, "owner_id")))  # noqa: B009 - annotated
    return found


def _rule_of(row: Due, said: dict[int, Rule]) -> Rule | None:
    if row.policy is None:
        return library.rules().get(row.rule)
    if row.policy.pk not in said:
        said[row.policy.pk] = policies.plain(row.policy)
    return said[row.policy.pk]


def rules_now() -> dict[str, Rule]:
    """Every rule by its key, with the clinic's newest word on it; for titles of lists. One query."""
    rows = PolicyRule.objects.filter(withdrawn_at=None, asked=True).order_by("effective_from", "pk")
    return {**library.rules(), **{row.key: policies.plain(row) for row in rows}}


def open_on(episode: int, rule_prefix: str = "") -> list[Owed]:
    """What is still due in one episode, of rules whose key begins so."""
    return owed(_about(open_dues().filter(episode=episode), rule_prefix))


def dues_for(
    *,
    staff: StaffMember | None = None,
    people: Iterable[Person] | None = None,
    site: Site | Collection[Site] | None = None,
    role: str = "",
    prefix: str = "",
) -> list[Owed]:
    """What is still due: of one member of staff (theirs to do), of some people, at some sites, for a role."""
    rows = _about(open_dues(), prefix)
    if staff is not None:
        rows = with_owner(rows).filter(Q(owner_id=staff.pk))
    if people is not None:
        rows = rows.filter(person_id__in={pk for person in people for pk in (person.pk, *_same(person))})
    if site is not None:
        rows = rows.filter(site__in=[site] if isinstance(site, Site) else site)
    return owed(rows.filter(role=role) if role else rows)


def _same(person: Person) -> tuple[int, ...]:
    """The rows said to be the same person, where they have been read already."""
    return tuple(person.__dict__.get("all_ids", ()))


def _about(rows: QuerySet[Due], prefix: str) -> QuerySet[Due]:
    return rows.filter(rule__startswith=prefix) if prefix else rows


def by_when(rule_key: str, start: datetime, zone: ZoneInfo, site: int | None = None) -> datetime:
    """The last instant that the rule allows from `start` on; for timers. The clinic's own number goes first."""
    return end_of(start, _rule(rule_key, local_day(start, zone), site).within, zone)


def _rule(key: str, day: date, site: int | None) -> Rule:
    rule = library.rules().get(key)
    if rule is None:
        raise Misconfigured(f"No rule pack has a rule {key!r}.")
    if not policies.may_change(rule):
        return rule
    where = Q(site=None) if site is None else Q(site=None) | Q(site=site)
    rows = PolicyRule.objects.filter(where, key=key, asked=True, withdrawn_at=None).order_by("-site")
    word = next((row for row in rows if row.holds_on(day)), None)
    changed = policies.plain(word) if word else rule
    return rule if changed.within.unit.is_counted else changed  # a timer is moved by time alone
