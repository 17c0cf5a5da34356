"""What journey tells standards: the facts of its own tables, for many episodes at once (kernel/facts.py).

One function a word; each is one read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from dayward.care.journey.models import (
    AftercareCall,
    AftercareCase,
    Episode,
    FollowUpAppointment,
    Hold,
    Transition,
    WeekOneItem,
)
from dayward.care.journey.rules.calls import FIRST_WEEK, settled_by
from dayward.care.journey.rules.machine import Machine
from dayward.care.journey.rules.states import open_states
from dayward.kernel.facts import Fact, Subject, Teller
from dayward.kernel.gathering import Reading, all_of, both
from dayward.kernel.time import at

# Something may still be due after the end where nobody opened aftercare: the summary, a letter.
AFTER_THE_END = timedelta(days=90)


def subjects(people: Collection[int] | None) -> Reading[list[Subject]]:
    """All episodes of these people; of everybody, those that are open, followed or ended a short while ago."""
    rows = Episode.objects.all()
    if people is not None:
        rows = rows.filter(person_id__in=people)
    else:
        rows = rows.filter(
            Q(ended_at__isnull=True)
            | Q(ended_at__gte=timezone.now() - AFTER_THE_END)
            | Q(aftercare__state__in=open_states(Machine.AFTERCARE))
        )
    place = ("program__site_id", "program__site__time_zone", "program__site__state")
    program = ("program__public_id", "program__stream", "program__age_group")
    dates = ("admitted_at", "ended_at", Coalesce("case__opened_at", "admitted_at"))
    found = yield from all_of(rows.order_by("pk").values_list("pk", "person_id", *place, *program, *dates))
    return [Subject(pk, person, site, ZoneInfo(zone), *more) for pk, person, site, zone, *more in found]


About = Collection[Subject]
Told = Reading[list[Fact]]


def _ids(about: About) -> list[int]:
    return [each.episode for each in about]


def _zones(about: About) -> dict[int, ZoneInfo]:
    return {each.episode: each.zone for each in about}


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return at(day, time.min, zone)


def episodes(about: About) -> Told:
    rows = yield from all_of(Episode.objects.filter(pk__in=_ids(about)).values_list(*OF_EPISODE))
    zones = _zones(about)
    return [fact for pk, *row in rows for fact in _of_episode(pk, zones[pk], *row)]


OF_EPISODE = ("pk", "admitted_at", "first_service_on", "ended_at", "state", "discharge_type")


def _of_episode(
    pk: int,
    zone: ZoneInfo,
    admitted_at: datetime,
    first_service_on: date | None,
    ended_at: datetime | None,
    state: str,
    discharge_type: str,
) -> Iterator[Fact]:
    yield Fact("episode.admitted", admitted_at, pk)
    if first_service_on:
        yield Fact("episode.first_service", _begins(first_service_on, zone), pk)
    if ended_at:
        yield Fact("episode.ended", ended_at, pk)
        if state == "discharged":
            yield Fact("episode.discharged", ended_at, pk, ref=discharge_type)


def holds(about: About) -> Told:
    rows = yield from all_of(Hold.objects.filter(episode__in=_ids(about)))
    zones = _zones(about)
    return [fact for row in rows for fact in _of_hold(row, zones[row.episode_id])]


def _of_hold(hold: Hold, zone: ZoneInfo) -> Iterator[Fact]:
    days = {"began": hold.starts_on, "expected_return": hold.expected_return, "ended": hold.ended_on}
    for name, day in days.items():
        if day:
            yield Fact(f"hold.{name}", _begins(day, zone), hold.episode_id, ref=hold.public_id)


def first_weeks(about: About) -> Told:
    items = WeekOneItem.objects.filter(episode__in=_ids(about), withdrawn_at__isnull=True)
    rows = yield from all_of(items.values_list("kind", "done_at", "episode_id"))
    return [Fact(f"week_one.{kind}", when, episode) for kind, when, episode in rows]


def calls(about: About) -> Told:
    made = _that_count(AftercareCall.objects.filter(episode__in=_ids(about))).order_by("made_at", "id")
    rows = yield from all_of(made.values_list("episode_id", "slot", "outcome", "made_at"))
    tries: dict[tuple[int, str], list[tuple[str, datetime]]] = defaultdict(list)
    for episode, slot, outcome, when in rows:
        tries[episode, slot].append((outcome, when))
    found = []
    for (episode, slot), some in tries.items():
        place = settled_by([outcome for outcome, _when in some])
        if place is not None:
            found.append(Fact("call.made", some[place][1], episode, ref=slot))
    return found


def _that_count(calls: QuerySet[AftercareCall]) -> QuerySet[AftercareCall]:
    """Not those in error, and of those after a discharge only the ones after the one that stands."""
    after_the_end = Q(slot__in=list(FIRST_WEEK)) | Q(made_at__gte=F("episode__ended_at"))
    return calls.filter(after_the_end, withdrawn_at__isnull=True)


def planned(about: About) -> Told:
    """The last time a discharge was planned, where it still is."""
    steps = Transition.objects.filter(
        episode__in=_ids(about), episode__state="discharge_planned", key="plan_discharge"
    )
    rows = yield from all_of(steps.order_by("id").values_list("episode_id", "at"))
    return [Fact("discharge.planned", when, episode) for episode, when in dict(rows).items()]


def _cases(about: About) -> Reading[list[tuple[int, str, datetime, datetime]]]:
    """Episode, state, since when, and when it was opened."""
    cases = AftercareCase.objects.filter(episode__in=_ids(about))
    # The calls count from the discharge, also where somebody opened aftercare some days later.
    opened = Coalesce("episode__ended_at", "opened_at")
    return all_of(cases.values_list("episode_id", "state", "state_since", opened))


def aftercare(about: About) -> Told:
    """The case and its appointments: two reads, side by side."""
    cases, rows = yield from both(_cases(about), _appointments(about))
    found = [fact for row in rows for fact in _of_appointment(row)]
    for episode, state, since, opened in cases:
        found.append(Fact("aftercare.opened", opened, episode))
        if state not in open_states(Machine.AFTERCARE):
            found.append(Fact("aftercare.ended", since, episode))
    return found


def alumni(about: About) -> Told:
    cases = yield from _cases(about)
    return [Fact("alumni.joined", since, episode) for episode, state, since, _ in cases if state == "alumni"]


def _appointments(about: About) -> Reading[list[FollowUpAppointment]]:
    return all_of(FollowUpAppointment.objects.filter(episode__in=_ids(about)))


def _of_appointment(row: FollowUpAppointment) -> Iterator[Fact]:
    yield Fact("aftercare.appointment", row.at, row.episode_id, ref=row.public_id)
    if row.settled_at:
        kind = "aftercare.appointment_settled"
        yield Fact(kind, row.settled_at, row.episode_id, ref=row.public_id)
        if row.state != FollowUpAppointment.State.CANCELLED:  # what did not take place was not kept
            yield Fact("aftercare.appointment_known", row.settled_at, row.episode_id, ref=row.public_id)
    if row.state == FollowUpAppointment.State.ATTENDED:
        yield Fact("aftercare.kept", row.at, row.episode_id, ref=row.public_id)


TELLERS: dict[str, Teller] = {
    "episode": episodes,
    "hold": holds,
    "week_one": first_weeks,
    "call": calls,
    "discharge": planned,
    "aftercare": aftercare,
    "alumni": alumni,
}
