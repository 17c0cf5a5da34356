"""What journey tells the foundation: whose chart intake may open, and what forbids that two rows are one person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, IntakeCase
from dayward.care.journey.queries.alumni import read_membership
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.foundation.consent.queries import read_holders
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Person, StaffMember
from dayward.kernel.gathering import Reading, all_of, any_of

# Intake finishes the paperwork of somebody just admitted, and answers when somebody closed calls back.
AFTER_CLOSING = timedelta(days=30)


def has_open_case(staff: StaffMember, person: Person) -> Reading[bool]:
    """The person has an intake case that is open, or was closed within the last 30 days."""
    lately = Q(state_since__gte=timezone.now() - AFTER_CLOSING)
    cases = IntakeCase.objects.filter(person_id__in=person.all_ids).exclude(state="case_in_error")
    return any_of(cases.filter(lately | Q(pk__in=IntakeCase.objects.open())))


def is_followed(staff: StaffMember, person: Person) -> Reading[bool]:
    """Aftercare of the person is open."""
    cases = AftercareCase.objects.filter(episode__person_id__in=person.all_ids)
    return any_of(cases.filter(state__in=open_states(Machine.AFTERCARE)))


def is_alumni(staff: StaffMember, person: Person) -> Reading[bool]:
    """The person is among the alumni, and their consent to that holds now."""
    case = yield from read_membership(person)
    return case is not None


def followed_of(staff: StaffMember, people: Collection[int]) -> Reading[list[int]]:
    """As `is_followed`, of many people."""
    cases = AftercareCase.objects.filter(episode__person__in=people, state__in=open_states(Machine.AFTERCARE))
    return all_of(cases.values_list("episode__person", flat=True))


def alumni_of(staff: StaffMember, people: Collection[int]) -> Reading[set[int]]:
    """As `is_alumni`, of many people."""
    cases = AftercareCase.objects.filter(state="alumni")
    asked = yield from all_of(cases.values_list("episode__person", flat=True))
    return (yield from read_holders(Kind.ALUMNI, set(asked).intersection(people)))


def both_open(one: Person, other: Person) -> list[str]:
    """Two open episodes in one program, or two open cases at one site, cannot become one person's."""
    found = []
    mine = Episode.objects.filter(person_id__in=one.all_ids, ended_at__isnull=True).values("program")
    if Episode.objects.filter(person_id__in=other.all_ids, ended_at__isnull=True, program__in=mine).exists():
        found.append(_("Both have an open episode in the same program. End one first."))
    sites = IntakeCase.objects.open().filter(person_id__in=one.all_ids).values("site")
    if IntakeCase.objects.open().filter(person_id__in=other.all_ids, site__in=sites).exists():
        found.append(_("Both have an open intake case at the same site. Close one first."))
    return found
