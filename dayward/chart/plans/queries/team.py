"""Who has signed a version, who still has to, and who could."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.chart.plans import library
from dayward.chart.plans.models import Plan, PlanSignature
from dayward.chart.plans.rules import team
from dayward.chart.safety.queries import as_held, credentials
from dayward.chart.safety.rules.qualification import Held
from dayward.foundation.access.queries import care_team
from dayward.foundation.consent.queries import guardians_of, who_signs
from dayward.foundation.consent.rules.kinds import Kind
from dayward.foundation.people.models import Credential, Person, StaffMember
from dayward.kernel.time import local_day

MOST_SHOWN = 6  # names of colleagues who could sign


@dataclass(frozen=True)
class SeatLine:
    """One signature of the team: given, or missing and by whom it could be given."""

    seat: team.Seat
    given: PlanSignature | None
    can: list[StaffMember] = field(default_factory=list)

    @property
    def title(self) -> str:
        return _(self.seat.title)


@dataclass(frozen=True)
class PersonLine:
    """The person's side: what was given, and whether a word is still missing."""

    role: str
    given: list[PlanSignature]
    missing: bool
    names: str

    @property
    def may_sign(self) -> bool:
        """Also somebody who declined may still sign."""
        return team.word_of(row.outcome for row in self.given) != team.SIGNED

    @property
    def title(self) -> str:
        return str(PlanSignature.Role(self.role).label)


@dataclass(frozen=True)
class Signing:
    """How far the signing of a version is."""

    seats: list[SeatLine]
    people: list[PersonLine]

    @property
    def missing(self) -> list[str]:
        """Titles of the signatures that are still to be given."""
        lines = [line.title for line in self.seats if line.given is None]
        return lines + [line.title for line in self.people if line.missing]

    @property
    def person_may_sign(self) -> bool:
        return any(line.may_sign for line in self.people)

    @property
    def taken(self) -> list[str]:
        return [line.seat.key for line in self.seats if line.given]

    @property
    def complete(self) -> bool:
        return not self.missing


def given_of(plan: Plan) -> list[PlanSignature]:
    """Asked anew, unless a page has read them along (`with_signatures`)."""
    if "signatures" in getattr(plan, "_prefetched_objects_cache", {}):
        return list(plan.signatures.all())
    return list(PlanSignature.objects.filter(plan=plan).select_related("signature__staff"))


def with_signatures(plan: Plan) -> Plan:
    """For a page, which asks more than once."""
    rows = PlanSignature.objects.select_related("signature__staff")
    prefetch_related_objects([plan], Prefetch("signatures", rows))
    return plan


def signing_of(plan: Plan, day: date | None = None, *, with_names: bool = True) -> Signing:
    """Seats and the person's side of one version on a day (today at the site)."""
    on, given = day or today_of(plan), given_of(plan)
    signed = {row.role: row for row in given if row.outcome == PlanSignature.Outcome.SIGNED}
    free = team.free_seats(library.seats(), signed)
    able = who_can(plan, free, on, given) if with_names and free else {}
    seats = [SeatLine(seat, signed.get(key), able.get(key, [])) for key, seat in library.seats().items()]
    return Signing(seats, _people(plan, given, on))


def today_of(plan: Plan) -> date:
    return local_day(timezone.now(), plan.episode.program.site.zone)


def _people(plan: Plan, given: list[PlanSignature], on: date) -> list[PersonLine]:
    wanted = who_signs(plan.person, Kind.TREATMENT, on)
    said = {row.role for row in given}
    missing = team.person_waits_for(wanted.signers, wanted.guardian_accepted, said)
    roles = [role for role in (team.PATIENT, team.GUARDIAN) if role in missing or role in said]
    return [
        PersonLine(role, [row for row in given if row.role == role], role in missing, _name(plan, role))
        for role in roles
    ]


def _name(plan: Plan, role: str) -> str:
    people: list[Person] = [plan.person] if role == team.PATIENT else guardians_of(plan.person)
    return ", ".join(person.called for person in people)


def who_can(
    plan: Plan, free: tuple[str, ...], on: date, given: list[PlanSignature]
) -> dict[str, list[StaffMember]]:
    """By free seat, colleagues at the site whose credential fits; those who treat the person first."""
    wanted = {key: library.seats()[key] for key in free}
    signed = {row.signature.staff_id for row in given}
    kinds = {kind for seat in wanted.values() for kind in seat.kinds}
    rows = [row for row in _colleagues(plan, kinds) if row.staff.pk not in signed]
    found: dict[str, list[StaffMember]] = {}
    for key, seat in wanted.items():
        fitting = [row for row in rows if team.may_take(seat, row.held, on).held]
        close = [row for row in fitting if row.treats]
        found[key] = [row.staff for row in close or fitting][:MOST_SHOWN]
    return found


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the site, with the credentials that were asked for."""

    staff: StaffMember
    treats: bool
    held: list[Held]


def _colleagues(plan: Plan, kinds: Collection[str]) -> list[Colleague]:
    """Who holds a credential of these kinds; who treats the person first. One query."""
    treating = care_team(plan.person).filter(staff=OuterRef("staff")).order_by()
    rows = Credential.objects.filter(
        kind__in=kinds, staff__sites=plan.episode.program.site, staff__ended_on__isnull=True
    )
    asked = rows.select_related("staff").annotate(treats=Exists(treating))
    found: dict[int, Colleague] = {}
    for row in asked.order_by("-treats", "staff__family", "staff__given", "staff_id", "pk"):
        mine = found.setdefault(row.staff_id, Colleague(row.staff, row.treats, []))
        mine.held.append(as_held(row))
    return list(found.values())


def seats_for(plan: Plan, staff: StaffMember, signing: Signing) -> list[team.Seat]:
    """The free seats that this member of staff could sign now; none if they have signed already."""
    if any(line.given and line.given.signature.staff_id == staff.pk for line in signing.seats):
        return []
    held, on = credentials(staff), today_of(plan)
    best = team.choose(library.seats(), team.free_seats(library.seats(), signing.taken), held, on)
    fitting = [
        line.seat
        for line in signing.seats
        if line.given is None and team.may_take(line.seat, held, on).held is not None
    ]
    return sorted(fitting, key=lambda seat: seat.key != best)
