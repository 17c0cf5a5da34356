"""Owing something about a person opens the chart: who led a session weeks ago still has to write its note."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse

from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.standards.models import Due
from dayward.foundation.standards.queries import open_dues
from dayward.kernel.gathering import Reading, all_of, any_of


def owes(staff: StaffMember, person: Person) -> Reading[bool]:
    """Whether something about the person is still due of `staff`, who is named for it."""
    return any_of(_named(staff).filter(person__in=person.all_ids))


def owes_about(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """The same of many people: of everybody, for nobody owes much by name."""
    return all_of(_named(staff).order_by().values_list("person_id", flat=True))


def _named(staff: StaffMember) -> QuerySet[Due]:
    return open_dues().filter(staff=staff)


def file_paper(*, person: str, episode: int, ref: str) -> str:
    """Where a signed certification is put on file."""
    return reverse("documents:list", args=[person])
