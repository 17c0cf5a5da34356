"""Who is among the alumni: a state of their aftercare, and a consent that holds today. Both, or nobody sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from dayward.care.journey.models import AftercareCase, AlumniAttendance, AlumniEvent
from dayward.foundation.access.powers import EVERYBODY
from dayward.foundation.consent.queries import active, read_active, read_holders
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person
from dayward.kernel.gathering import Reading, alone, both, first_of

COMING = (AlumniAttendance.Answer.COMING, AlumniAttendance.Answer.CAME)


def is_member(case: AftercareCase) -> bool:
    return case.state == "alumni" and active(case.episode.person, Kind.ALUMNI) is not None


def membership_of(person: Person) -> AftercareCase | None:
    """The person's place among the alumni, where their consent holds."""
    return alone(read_membership(person))


def read_membership(person: Person) -> Reading[AftercareCase | None]:
    """As `membership_of`; the consent is read beside the case."""
    cases = AftercareCase.objects.filter(episode__person_id__in=person.all_ids, state="alumni")
    rows = cases.select_related("episode__person", "episode__program__site").order_by("-id")
    case, consent = yield from both(first_of(rows), read_active(person, Kind.ALUMNI))
    return case if consent is not None else None


@dataclass(frozen=True)
class Member:
    """Somebody who asked to stay in touch."""

    case: AftercareCase
    since: datetime


def members(sites: Collection[Site], within: Q = EVERYBODY) -> list[Member]:
    """Everybody among the alumni of these sites (and programs) whose consent holds today; three queries."""
    return told(keys(sites, within))


def keys(sites: Collection[Site], within: Q = EVERYBODY) -> list[int]:
    """The same people's cases, by name; a page shows some of them (`told`)."""
    rows = AftercareCase.objects.filter(within, state="alumni", episode__program__site__in=sites)
    found = rows.order_by("episode__person__legal_family", "id").values_list("pk", "episode__person_id")
    people = dict(found)
    consenting = alone(read_holders(Kind.ALUMNI, set(people.values())))
    return [pk for pk, person in people.items() if person in consenting]


def told(cases: Sequence[int]) -> list[Member]:
    """With person and site, in the order given; one query."""
    rows = AftercareCase.objects.select_related("episode__person", "episode__program__site").in_bulk(cases)
    return [Member(rows[pk], rows[pk].state_since) for pk in cases]


def events(sites: Collection[Site]) -> QuerySet[AlumniEvent]:
    """Events of these sites with how many come, the next first."""
    coming = Count("attendances", filter=Q(attendances__answer__in=COMING))
    rows = AlumniEvent.objects.filter(site__in=sites).select_related("site")
    return rows.annotate(coming=coming).order_by("-starts_at")


def events_for(person: Person) -> list[tuple[AlumniEvent, str]]:
    """What the person may come to, with their own answer; nothing for who is not among the alumni."""
    case = membership_of(person)
    if case is None:
        return []
    rows = list(AlumniEvent.objects.filter(site=case.episode.program.site_id, cancelled_at__isnull=True))
    said = dict(AlumniAttendance.objects.filter(aftercare=case).values_list("event_id", "answer"))
    return [(row, said.get(row.pk, "")) for row in rows]
