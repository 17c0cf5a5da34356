"""Where people are during sessions by video."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dayward.care.attendance.models import Whereabouts
from dayward.foundation.people.models import Address
from dayward.kernel.gathering import read


@dataclass(frozen=True)
class Suggested:
    """What is offered in the form: never an answer before somebody has asked."""

    place: str
    state: str
    at_home: bool


def place_of(booking: str) -> Whereabouts | None:
    """What was told last of this booking (public id)."""
    return Whereabouts.objects.filter(booking__public_id=booking).order_by("-pk").first()


def last_places(people: Collection[int]) -> dict[int, Suggested]:
    """By person: where they were last time, else their address; one query."""
    told = Whereabouts.objects.filter(person__in=people).order_by("person", "-pk").distinct("person")
    known = Address.objects.filter(person__in=people, ended_on=None).order_by("pk")
    places, homes = read([told, known])
    found = {row.person_id: _home(row) for row in homes}
    return found | {row.person_id: Suggested(row.place, row.state, row.at_home) for row in places}


def _home(address: Address) -> Suggested:
    place = ", ".join(filter(None, (address.street, address.city)))
    return Suggested(place, address.state if len(address.state) == 2 else "", at_home=True)
