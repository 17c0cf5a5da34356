"""Dues as lines: who, what, why, how late, and where to do it. Nobody is named whose chart is closed to the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.access.powers import Powers
from dayward.foundation.access.queries import Whose, open_charts, read_open_charts
from dayward.foundation.access.requests import ChartRequest
from dayward.foundation.access.roles import ROLES
from dayward.foundation.people import permissions as people
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.queries import Owed
from dayward.foundation.worklist import rules, words
from dayward.foundation.worklist.places import place_of, row_of
from dayward.foundation.worklist.rules import Standing
from dayward.kernel.gathering import Reading, alone

NAMED = 3  # of a family; its page has the others
STATES = {
    Standing.PAST_HARD_LINE: ("bad", "alarm"),
    Standing.LATE: ("bad", "clock-exclamation"),
    Standing.TODAY: ("warn", "clock"),
    Standing.SOON: ("info", "calendar-due"),
    Standing.LATER: ("quiet", "calendar-due"),
}


@dataclass(frozen=True)
class Line:
    """One due, or several that read as one."""

    dues: tuple[Owed, ...]
    whose: tuple[int, ...]  # people (by key) whose charts are open to the reader
    closed: int  # how many more
    now: datetime
    powers: Powers  # the reader's
    owner: str = ""  # where the list is one of several people's work

    @property
    def first(self) -> Owed:
        return self.dues[0]

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Read with the dues, or by `name` for those that are shown."""
        everybody = {
            each.due.person_id: each.due.person for each in self.dues if each.due.person_id in self.whose
        }
        return tuple(everybody.values())

    @cached_property
    def person(self) -> Person | None:
        return self.people[0] if len(self.whose) == 1 and not self.closed else None

    @cached_property
    def standing(self) -> Standing:
        due = self.first.due
        return rules.standing(due.due_at, due.hard_at, self.now, due.site.zone)

    @property
    def is_shown(self) -> bool:
        """What only a role waits for is shown where the chart is open: who it is about is nobody else's business."""
        return bool(self.whose) or self.first.owner_id is not None

    @cached_property
    def role(self) -> str:
        role = ROLES.get(self.first.rule.role)
        return _(role.name) if role else ""

    @property
    def state(self) -> str:
        return STATES[self.standing][0]

    @property
    def icon(self) -> str:
        return STATES[self.standing][1]

    @property
    def when(self) -> str:
        due = self.first.due
        return words.when(due.due_at, self.standing, self.now, due.site.zone)

    @cached_property
    def title(self) -> str:
        """The rule's; for several rules of one family the family's."""
        several = len({each.rule.key for each in self.dues}) > 1
        title = words.family_title(rules.family(self.first.rule.key)) if several else ""
        return title or _(self.first.rule.title)

    @cached_property
    def what(self) -> str:
        """Which of a family, when there are several."""
        titles = list(dict.fromkeys(_(each.rule.title) for each in self.dues))
        if len(titles) < 2:
            return ""
        more = len(titles) - NAMED
        shown = ", ".join(titles[:NAMED])
        return _("%(some)s and %(n)d more") % {"some": shown, "n": more} if more > 0 else shown

    @cached_property
    def why(self) -> str:
        return _(self.first.rule.why)

    @cached_property
    def started(self) -> str:
        """When the session was, where the line is of one; a start that is a day is a day."""
        due = self.first.due
        one = self.first.rule.by_ref and len({each.due.start_at for each in self.dues}) == 1
        return words.moment(due.start_at, due.site.zone) if one else ""

    @property
    def warns(self) -> bool:
        """The rule was not read at its source."""
        return all(each.due.warns for each in self.dues)

    @cached_property
    def url(self) -> str:
        """Where to do it, or to see what is missing."""
        return place_of(self.first, self.people[0], self.powers) if self.whose else ""

    @property
    def place(self) -> str:
        """The due itself, among all of the person's."""
        return row_of(self.first, self.people[0]) if self.whose else ""


def lines_of(found: Sequence[Owed], powers: Powers, *, now: datetime | None = None) -> list[Line]:
    """The dues as lines for one reader, the most urgent first; what reads as one is joined."""
    return alone(read_lines(found, powers, now=now))


def read_lines(found: Sequence[Owed], powers: Powers, *, now: datetime | None = None) -> Reading[list[Line]]:
    seen = yield from read_open_charts(powers, _people_of(found), people.READ)
    at = now or timezone.now()
    rows = urgent_first(found, at)
    groups = rules.grouped(_items(rows))
    return [_line([rows[number] for number in group], seen, at, powers) for group in groups]


def _people_of(found: Sequence[Owed]) -> set[Whose]:
    return {Whose(each.due.person_id, getattr(each.due, "person_site")) for each in found}  # noqa: B009 - annotated


def name(lines: Sequence[Line]) -> None:
    """Read the people of lines whose dues were read without them, in one query."""
    prefetch_related_objects([each.due for line in lines for each in line.dues], "person")


def urgent_first(found: Sequence[Owed], now: datetime) -> list[Owed]:
    """Overdue first, then by harm; most are in this order already, by date."""

    def key(each: Owed) -> tuple[int, int, datetime]:
        due = each.due
        at = rules.standing(due.due_at, due.hard_at, now, due.site.zone)
        return rules.urgency(at, due.harm, due.due_at)

    return sorted(found, key=key)


def each_line(
    found: Sequence[Owed], powers: Powers, *, owners: bool, now: datetime | None = None
) -> list[Line]:
    """Every due by itself; `owners`: with the name of who owes it."""
    seen = open_charts(powers, _people_of(found), people.READ)
    at = now or timezone.now()
    lines = [_line([each], seen, at, powers) for each in urgent_first(found, at)]
    if not owners:
        return lines
    names = StaffMember.objects.in_bulk({each.owner_id for each in found if each.owner_id})
    return [replace(line, owner=_name(names.get(line.first.owner_id or 0), line.role)) for line in lines]


def _name(staff: StaffMember | None, role: str) -> str:
    """Where nobody is named, whose work it is."""
    return staff.name if staff else role or _("Nobody is named")


def _items(found: Sequence[Owed]) -> list[rules.Item]:
    return [
        rules.Item(number, each.rule.key, each.due.person_id, each.rule.by_ref, each.due.start_at)
        for number, each in enumerate(found)
    ]


def _line(dues: Sequence[Owed], seen: set[int], now: datetime, powers: Powers) -> Line:
    everybody = dict.fromkeys(each.due.person_id for each in dues)
    shown = tuple(pk for pk in everybody if pk in seen)
    return Line(tuple(dues), shown, len(everybody) - len(shown), now, powers)


def chart_lines(found: Sequence[Owed], request: ChartRequest, now: datetime | None = None) -> list[Line]:
    """The dues of the one person whose chart is open already; no look-up, so that a panel stays one query."""
    at = now or timezone.now()
    seen = {each.due.person_id for each in found}
    every = urgent_first(found, at)
    groups = rules.grouped(_items(every))
    rows = [[every[number] for number in group] for group in groups]
    return [_line(row, seen, at, request.powers) for row in rows]
