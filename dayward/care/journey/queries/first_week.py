"""The first-week list: journey's own lines, and what the packages above owe it, as standards know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode, WeekOneItem
from dayward.care.journey.rules.calls import FIRST_WEEK
from dayward.care.journey.rules.first_week import BY_KEY, ITEMS
from dayward.foundation.people.models import Person
from dayward.foundation.standards.library import rules
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import Owed
from dayward.kernel.facts import doings
from dayward.kernel.gathering import Reading, all_of, alone, both
from dayward.kernel.prepared import Among, Prepared, Slot

PREFIX = "week_one."
LISTED = ("admitted", "first_week")


@dataclass(frozen=True)
class Line:
    """One line of the list. `kind` only where it is ticked here; `url` where somebody else's page does it."""

    title: str
    done_at: datetime | None
    due_at: datetime | None
    late: bool
    kind: str = ""
    asks: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class FirstWeek:
    lines: tuple[Line, ...]
    calls: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.done_at is not None for line in self.lines)

    @property
    def left(self) -> list[Line]:
        """What is still to do, the calls last."""
        return [line for line in (*self.lines, *self.calls) if line.done_at is None]

    @property
    def all_done(self) -> bool:
        return self.done == len(self.lines)


def ticked(episode: Episode) -> dict[str, WeekOneItem]:
    """What stands ticked, by kind."""
    rows = WeekOneItem.objects.filter(episode=episode, withdrawn_at__isnull=True)
    return {row.kind: row for row in rows}


def read_first_week(episode: Episode) -> Reading[FirstWeek]:
    """The list with the day each line is due; one round of reads."""
    items = WeekOneItem.objects.filter(episode=episode, withdrawn_at__isnull=True)
    dues = (
        Due.objects.filter(episode=episode.pk)
        .filter(Q(rule__startswith=PREFIX) | Q(rule__in=[f"call.{slot}" for slot in FIRST_WEEK]))
        .exclude(state=Due.State.OVER)
    )
    done, found = yield from both(all_of(items), all_of(dues.order_by("due_at", "pk")))
    known = rules()
    owed = {row.rule: Owed(row, known[row.rule], None) for row in found if row.rule in known}
    return _list(episode, {row.kind: row for row in done}, owed)


def first_week(episode: Episode) -> FirstWeek:
    return alone(read_first_week(episode))


def _list(episode: Episode, done: dict[str, WeekOneItem], owed: dict[str, Owed]) -> FirstWeek:
    now = timezone.now()
    own = [_own(item.key, done.get(item.key), owed.get(PREFIX + item.key), now) for item in ITEMS]
    others = [
        _other(item, episode, now)
        for key, item in owed.items()
        if key.startswith(PREFIX) and key.removeprefix(PREFIX) not in BY_KEY
    ]
    calls = [_call(slot, owed.get(f"call.{slot}"), episode, now) for slot in FIRST_WEEK]
    return FirstWeek((*own, *others), tuple(line for line in calls if line is not None))


def _own(kind: str, item: WeekOneItem | None, due: Owed | None, now: datetime) -> Line:
    return Line(
        title=_(BY_KEY[kind].title),
        done_at=item.done_at if item else None,
        due_at=due.due.due_at if due else None,
        late=item is None and due is not None and due.is_late(now),
        kind=kind,
        asks=_(BY_KEY[kind].asks) if BY_KEY[kind].asks else "",
        text=item.text if item else "",
    )


def _other(owed: Owed, episode: Episode, now: datetime) -> Line:
    return Line(
        title=_(owed.rule.title),
        done_at=owed.due.done_at,
        due_at=owed.due.due_at,
        late=owed.is_late(now),
        url=_where(owed, episode),
    )


def _call(slot: str, owed: Owed | None, episode: Episode, now: datetime) -> Line | None:
    if owed is None:
        return None
    return Line(
        title=_(owed.rule.title),
        done_at=owed.due.done_at,
        due_at=owed.due.due_at,
        late=owed.is_late(now),
        kind=slot,
        url=_where(owed, episode),
    )


def _where(owed: Owed, episode: Episode) -> str:
    """The page of the first kind of fact that settles it."""
    for pattern in owed.rule.done:
        doing = doings.get(pattern.kind)
        if doing is not None:
            ref = pattern.ref or owed.due.start_ref
            return doing(person=episode.person.public_id, episode=episode.pk, ref=ref)
    return ""


def _open(persons: Q | Among) -> QuerySet[Episode]:
    """Open episodes of a person, the newest first."""
    rows = Episode.objects.filter(persons, ended_at__isnull=True)
    return rows.select_related("program__site", "person").order_by("-admitted_at")


_PERSONS = Among("person", Slot("people"))
IN_CARE = Prepared(lambda: _open(_PERSONS)[:1])
STANDING = Prepared(lambda: _open(_PERSONS).select_related(None).only("state", "at_risk_at")[:1])


def open_episode(person: Person) -> Episode | None:
    return alone(IN_CARE.first(people=person.all_ids))
