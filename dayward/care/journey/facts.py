"""What journey tells standards: the facts of its own tables, for many episodes at once (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
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
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.time import at

# Something may still be due after the end where nobody opened aftercare: the summary, a letter.
AFTER_THE_END = timedelta(days=90)


def subjects(people: Collection[int] | None) -> list[Subject]:
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
    found = rows.order_by("pk").values_list("pk", "person_id", *place, *program)
    return [Subject(pk, person, site, ZoneInfo(zone), *more) for pk, person, site, zone, *more in found]


def facts(episodes: Collection[int]) -> Iterable[Fact]:
    """Seven queries at most, however many episodes there are."""
    if not episodes:
        return ()
    rows = list(Episode.objects.filter(pk__in=episodes).values(*OF_EPISODE))
    zones = {row["pk"]: ZoneInfo(row["program__site__time_zone"]) for row in rows}
    found = [fact for row in rows for fact in _of_episode(row, zones[row["pk"]])]
    found += _holds(zones)
    found += _first_weeks(zones)
    found += _calls(zones)
    found += _planned(row["pk"] for row in rows if row["state"] == "discharge_planned")
    found += _aftercare(zones)
    found += _appointments(zones)
    return found


OF_EPISODE = (
    "pk",
    "admitted_at",
    "first_service_on",
    "ended_at",
    "state",
    "discharge_type",
    "program__site__time_zone",
)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return at(day, time.min, zone)


def _of_episode(row: dict[str, Any], zone: ZoneInfo) -> Iterator[Fact]:
    yield Fact("episode.admitted", row["admitted_at"], row["pk"])
    if row["first_service_on"]:
        yield Fact("episode.first_service", _begins(row["first_service_on"], zone), row["pk"])
    if row["ended_at"]:
        yield Fact("episode.ended", row["ended_at"], row["pk"])
    if row["state"] == "discharged":
        yield Fact("episode.discharged", row["ended_at"], row["pk"], ref=row["discharge_type"])


def _holds(zones: dict[int, ZoneInfo]) -> Iterator[Fact]:
    for hold in Hold.objects.filter(episode__in=zones):
        zone, episode = zones[hold.episode_id], hold.episode_id
        yield Fact("hold.began", _begins(hold.starts_on, zone), episode, ref=hold.public_id)
        back = _begins(hold.expected_return, zone)
        yield Fact("hold.expected_return", back, episode, ref=hold.public_id)
        if hold.ended_on:
            yield Fact("hold.ended", _begins(hold.ended_on, zone), episode, ref=hold.public_id)


def _first_weeks(zones: dict[int, ZoneInfo]) -> list[Fact]:
    rows = WeekOneItem.objects.filter(episode__in=zones, withdrawn_at__isnull=True)
    return [Fact(f"week_one.{row.kind}", row.done_at, row.episode_id) for row in rows]


def _calls(zones: dict[int, ZoneInfo]) -> Iterator[Fact]:
    tries: dict[tuple[int, str], list[AftercareCall]] = defaultdict(list)
    for call in _that_count(AftercareCall.objects.filter(episode__in=zones)).order_by("made_at", "id"):
        tries[call.episode_id, call.slot].append(call)
    for (episode, slot), made in tries.items():
        place = settled_by([call.outcome for call in made])
        if place is not None:
            yield Fact("call.made", made[place].made_at, episode, ref=slot)


def _that_count(calls: QuerySet[AftercareCall]) -> QuerySet[AftercareCall]:
    """Not those in error, and of those after a discharge only the ones after the one that stands."""
    after_the_end = Q(slot__in=list(FIRST_WEEK)) | Q(made_at__gte=F("episode__ended_at"))
    return calls.filter(after_the_end, withdrawn_at__isnull=True)


def _planned(episodes: Iterable[int]) -> list[Fact]:
    """The last time a discharge was planned, where it still is."""
    rows = Transition.objects.filter(episode__in=list(episodes), key="plan_discharge").order_by("id")
    latest = {row.episode_id: row.at for row in rows}
    return [
        Fact("discharge.planned", when, episode) for episode, when in latest.items() if episode is not None
    ]


def _aftercare(zones: dict[int, ZoneInfo]) -> Iterator[Fact]:
    rows = AftercareCase.objects.filter(episode__in=zones).annotate(discharged=F("episode__ended_at"))
    for case in rows:
        # The calls count from the discharge, also where somebody opened aftercare some days later.
        yield Fact("aftercare.opened", case.discharged or case.opened_at, case.episode_id)
        if case.state not in open_states(Machine.AFTERCARE):
            yield Fact("aftercare.ended", case.state_since, case.episode_id)
        elif case.state == "alumni":
            yield Fact("alumni.joined", case.state_since, case.episode_id)


def _appointments(zones: dict[int, ZoneInfo]) -> Iterator[Fact]:
    for row in FollowUpAppointment.objects.filter(episode__in=zones):
        yield Fact("aftercare.appointment", row.at, row.episode_id, ref=row.public_id)
        if row.settled_at:
            kind = "aftercare.appointment_settled"
            yield Fact(kind, row.settled_at, row.episode_id, ref=row.public_id)
            if row.state != FollowUpAppointment.State.CANCELLED:  # what did not take place was not kept
                yield Fact("aftercare.appointment_known", row.settled_at, row.episode_id, ref=row.public_id)
        if row.state == FollowUpAppointment.State.ATTENDED:
            yield Fact("aftercare.kept", row.at, row.episode_id, ref=row.public_id)
