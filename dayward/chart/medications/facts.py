"""What this package tells standards: when a medication is to be looked at again, and that it was (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import itemgetter

from django.db.models import F

from dayward.chart.medications.models import MedicationChange, MedicationCheck, Reconciliation
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.time import at


@dataclass(frozen=True, slots=True)
class _Look:
    """A change or a check: it answers the looks before it and may ask for the next."""

    made_at: datetime
    ref: str
    by: int
    again_on: date | None


def provide(about: Collection[Subject]) -> Reading[list[Fact]]:
    """Any later change or report settles a "look again". Three reads, side by side."""
    people = {each.person for each in about}
    reconciled = Reconciliation.objects.filter(person__in=people)
    rows = all_of(reconciled.values_list("person_id", "made_at", "made_by_id", "public_id"))
    looks, told = yield from both(_looks(people), rows)
    found = [fact for stay in about for fact in _told(stay, looks.get(stay.person, []))]
    for stay in about:
        for person, when, by, ref in told:
            if person == stay.person and stay.holds(when):
                found.append(Fact("medication.reconciled", when, stay.episode, by, ref))
    return found


def _looks(people: Collection[int]) -> Reading[dict[int, list[_Look]]]:
    """In the order of time."""
    columns = ("made_at", "public_id", "made_by_id", "next_look_on")
    changes = MedicationChange.objects.filter(
        medication__person__in=people, entered_in_error_at__isnull=True
    ).values_list(F("medication__person_id"), *columns)
    checks = MedicationCheck.objects.filter(person__in=people, entered_in_error_at__isnull=True).values_list(
        "person_id", *columns
    )
    some, others = yield from both(all_of(changes), all_of(checks))
    found: dict[int, list[_Look]] = defaultdict(list)
    for person, made_at, ref, by, again_on in sorted([*some, *others], key=itemgetter(1)):
        found[person].append(_Look(made_at, ref, by, again_on))
    return found


def _told(stay: Subject, looks: list[_Look]) -> Iterator[Fact]:
    for number, look in enumerate(looks):
        if look.again_on is None or not stay.holds(look.made_at):
            continue
        again = at(look.again_on, time(), stay.zone)
        yield Fact("medication.next_look", again, stay.episode, look.by, look.ref)
        later = next((each for each in looks[number + 1 :] if each.made_at > look.made_at), None)
        if later is not None:
            yield Fact("medication.looked", later.made_at, stay.episode, later.by, look.ref)
