"""What is due. Nobody else works out a due date: pages, timers and evidence ask here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards import library
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.owners import with_owner
from dayward.foundation.standards.rules.clock import end_of
from dayward.foundation.standards.rules.pack import Rule
from dayward.kernel.errors import Misconfigured


@dataclass(frozen=True)
class Owed:
    """One due with the rule that says so."""

    due: Due
    rule: Rule
    owner_id: int | None

    @property
    def is_open(self) -> bool:
        return self.due.state == Due.State.OPEN

    @property
    def is_done(self) -> bool:
        return self.due.state == Due.State.DONE

    def is_late(self, now: datetime) -> bool:
        return self.is_open and self.due.due_at < now

    def is_past_hard_line(self, now: datetime) -> bool:
        return self.is_open and self.due.hard_at is not None and self.due.hard_at < now


def open_dues() -> QuerySet[Due]:
    return Due.objects.filter(state=Due.State.OPEN)


def owed(dues: QuerySet[Due]) -> list[Owed]:
    """The rows with their rules, the most urgent first, in one query."""
    return with_rules(ready(dues))


def ready(dues: QuerySet[Due]) -> QuerySet[Due]:
    """With what `with_rules` needs of each, the most urgent first."""
    rows = dues if "owner_id" in dues.query.annotations else with_owner(dues)
    return rows.select_related("person", "site").order_by("due_at", "pk")


def with_rules(rows: Iterable[Due]) -> list[Owed]:
    """Rows of `ready` with their rules; those of rules long gone are left out."""
    rules = library.rules()
    return [Owed(row, rules[row.rule], getattr(row, "owner_id")) for row in rows if row.rule in rules]  # noqa: B009 - annotated


def dues_of_episode(episode: int, prefix: str = "") -> list[Owed]:
    """Everything that was or is due in one episode: open and done, in the order of their dates."""
    rows = Due.objects.filter(episode=episode).exclude(state=Due.State.OVER)
    return owed(_about(rows, prefix))


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


def by_when(rule_key: str, start: datetime, zone: ZoneInfo) -> datetime:
    """The last instant that the rule allows from `start` on; for timers."""
    return end_of(start, _rule(rule_key).within, zone)


def hard_line(rule_key: str, start: datetime, zone: ZoneInfo) -> datetime | None:
    """The second line of the rule, where it has one."""
    hard = _rule(rule_key).hard
    return end_of(start, hard, zone) if hard else None


def _rule(key: str) -> Rule:
    try:
        return library.rules()[key]
    except KeyError:
        raise Misconfigured(f"No rule pack has a rule {key!r}.") from None
