"""What this package tells standards: when a medication is to be looked at again, and that it was (kernel/facts.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import F

from dayward.care.journey.models import Episode
from dayward.chart.medications.models import MedicationChange, MedicationCheck, Reconciliation
from dayward.kernel.facts import Fact
from dayward.kernel.time import at


@dataclass(frozen=True, slots=True)
class _Stay:
    episode: int
    since: datetime
    until: datetime | None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Look:
    """A change or a check: it answers the looks before it and may ask for the next."""

    made_at: datetime
    ref: str
    by: int
    again_on: date | None


def provide(episodes: Collection[int]) -> Iterable[Fact]:
    """Four queries. Any later change or report settles a "look again"."""
    stays = _stays(episodes)
    looks = _looks(list(stays))
    for person, found in looks.items():
        for stay in stays[person]:
            yield from _told(stay, sorted(found, key=lambda look: look.made_at))
    rows = Reconciliation.objects.filter(person__in=list(stays))
    for person, when, by, ref in rows.values_list("person_id", "made_at", "made_by_id", "public_id"):
        for stay in stays[person]:
            if _within(stay, when):
                yield Fact("medication.reconciled", when, stay.episode, by, ref)


def _stays(episodes: Collection[int]) -> dict[int, list[_Stay]]:
    found: dict[int, list[_Stay]] = defaultdict(list)
    rows = Episode.objects.filter(pk__in=episodes).values_list(
        "pk", "person_id", "admitted_at", "ended_at", "program__site__time_zone"
    )
    for pk, person, since, until, zone in rows:
        found[person].append(_Stay(pk, since, until, ZoneInfo(zone)))
    return found


def _looks(people: list[int]) -> dict[int, list[_Look]]:
    columns = ("made_at", "public_id", "made_by_id", "next_look_on")
    changes = MedicationChange.objects.filter(
        medication__person__in=people, entered_in_error_at__isnull=True
    ).values_list(F("medication__person_id"), *columns)
    checks = MedicationCheck.objects.filter(person__in=people, entered_in_error_at__isnull=True).values_list(
        "person_id", *columns
    )
    found: dict[int, list[_Look]] = defaultdict(list)
    for person, made_at, ref, by, again_on in [*changes, *checks]:
        found[person].append(_Look(made_at, ref, by, again_on))
    return found


def _within(stay: _Stay, when: datetime) -> bool:
    return stay.since <= when and (stay.until is None or when <= stay.until)


def _told(stay: _Stay, looks: list[_Look]) -> Iterable[Fact]:
    for number, look in enumerate(looks):
        if not _within(stay, look.made_at) or look.again_on is None:
            continue
        yield Fact(
            "medication.next_look", at(look.again_on, time(), stay.zone), stay.episode, look.by, look.ref
        )
        later = next((each for each in looks[number + 1 :] if each.made_at > look.made_at), None)
        if later is not None:
            yield Fact("medication.looked", later.made_at, stay.episode, later.by, look.ref)
