"""Owing something about a person opens the chart: who led a session weeks ago still has to write its note."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.queries import open_dues
from dayward.kernel.gathering import Reading
from dayward.kernel.prepared import Prepared, Slot


def owes(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether something about the person is still due of `staff`, who is named for it."""
    return not set(person.all_ids).isdisjoint((yield from owes_about(staff, person.all_ids)))


def owes_about(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """The same of many people: of everybody, for nobody owes much by name."""
    return OWED_BY_NAME.reading(staff=staff.pk)


OWED_BY_NAME = Prepared(
    lambda: open_dues().filter(staff=Slot("staff")).order_by().values_list("person_id", flat=True).distinct()
)


def file_paper(*, person: str, episode: int, ref: str) -> str:
    """Where a signed certification is put on file."""
    return reverse("documents:list", args=[person])
