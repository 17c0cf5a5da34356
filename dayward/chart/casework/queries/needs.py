from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from dayward.chart.casework.models import Need, NeedStep, OutsideMeeting
from dayward.foundation.people.models import Person, StaffMember


def needs_of(person: Person) -> QuerySet[Need]:
    """Every need of the person, open ones first, the nearest day first."""
    return in_order(Need.objects.filter(person_id__in=person.all_ids))


def in_order(rows: QuerySet[Need]) -> QuerySet[Need]:
    """With who looks after each; open ones first, the nearest day first."""
    return rows.select_related("owner", "closed_by").order_by(
        F("closed_at").desc(nulls_first=True), F("next_on").asc(nulls_last=True), "id"
    )


def with_steps(rows: QuerySet[Need]) -> QuerySet[Need]:
    """Each with what was done, oldest first, as `told`."""
    steps = NeedStep.objects.select_related("done_by").order_by("done_at", "id")
    return rows.prefetch_related(Prefetch("steps", steps, to_attr="told"))


def open_needs_owned(staff: StaffMember) -> QuerySet[Need]:
    """What somebody looks after, the nearest day first; with whom it is about."""
    rows = Need.objects.filter(owner=staff, closed_at__isnull=True).select_related("person__site")
    return rows.order_by(F("next_on").asc(nulls_last=True), "id")


def meetings_of(person: Person) -> QuerySet[OutsideMeeting]:
    """Meetings outside, newest first; with those taken back."""
    return OutsideMeeting.objects.filter(person_id__in=person.all_ids)


@dataclass(frozen=True)
class Line:
    """A need with whether its day is past or today."""

    need: Need
    late: bool
    today: bool

    @property
    def is_hearing(self) -> bool:
        return self.need.kind == Need.Kind.COURT and self.need.next_on is not None


@dataclass(frozen=True)
class OfPerson:
    """The open needs of one person."""

    person: Person
    lines: tuple[Line, ...]


def lines(rows: Iterable[Need], today: date) -> list[Line]:
    return [Line(row, row.next_on is not None and row.next_on < today, row.next_on == today) for row in rows]


def by_person(rows: Iterable[Line], shown: Iterable[int]) -> list[OfPerson]:
    """Grouped by whom they are about, in the order of their nearest day; only people whose charts are open."""
    charts = set(shown)
    found: dict[int, list[Line]] = defaultdict(list)
    people: dict[int, Person] = {}
    for line in rows:
        if line.need.person_id in charts:
            people[line.need.person_id] = line.need.person
            found[line.need.person_id].append(line)
    return [OfPerson(people[key], tuple(each)) for key, each in found.items()]
