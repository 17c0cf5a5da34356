"""Who pays for the people of a session, as far as limits of payers ask; whoever knows answers (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from dayward.care.schedule.models import Booking, Enrollment, Group, Session
from dayward.kernel.facts import PaidBy, payers
from dayward.kernel.gathering import together
from dayward.kernel.time import local_day


def payers_of(people: Collection[int]) -> dict[int, list[PaidBy]]:
    """By person; one query."""
    found: dict[int, list[PaidBy]] = defaultdict(list)
    for rows in together(provider(people) for provider in payers.values()) if people else ():
        for each in rows:
            found[each.person].append(each)
    return found


def paying_on(rows: Iterable[PaidBy], day: date) -> frozenset[str]:
    return frozenset(
        each.kind for each in rows if each.since <= day and (each.until is None or day < each.until)
    )


def payers_in(sessions: Collection[Session]) -> Mapping[int, frozenset[str]]:
    """By session: who pays on its day for those booked into it; two queries for any number."""
    if not sessions:
        return {}
    seats: dict[int, set[int]] = defaultdict(set)
    rows = Booking.objects.standing().filter(session__in=[each.pk for each in sessions])
    for session, person in rows.values_list("session_id", "person_id"):
        seats[session].add(person)
    known = payers_of({person for people in seats.values() for person in people})
    return {
        each.pk: frozenset[str]().union(
            *(
                paying_on(known.get(person, ()), local_day(each.span.start, each.site.zone))
                for person in seats[each.pk]
            )
        )
        for each in sessions
    }


def payers_of_group(group: Group, day: date) -> frozenset[str]:
    """Who pays for those who have a standing seat in it on the day or later."""
    people = set(Enrollment.objects.standing(day).filter(group=group).values_list("person_id", flat=True))
    known = payers_of(people)
    return frozenset[str]().union(*(paying_on(known.get(person, ()), day) for person in people))
