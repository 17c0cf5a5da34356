"""What a step to fewer days changes, before it happens: hours against the floor, and the sessions that fall away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dayward.care.journey.calendars import Seat, seats
from dayward.care.journey.models import Episode, Segment, TaperStep
from dayward.care.journey.queries.facts import terms_of
from dayward.care.journey.rules.stepping import Amount


def amount_of(row: Segment | TaperStep) -> Amount:
    return Amount(row.level, row.days_per_week, row.prescribed_minutes)


def seats_of(episode: Episode, day: date) -> list[Seat]:
    """Standing seats from a day on, as the schedule knows them."""
    return [seat for provider in seats.values() for seat in provider(episode=episode.pk, on=day)]


@dataclass(frozen=True)
class Consequence:
    """What a step means for the person's week."""

    before: Amount
    after: Amount
    floor: int
    below_floor: bool  # an intensive week under the program's floor takes a reason
    kept: tuple[Seat, ...]
    lost: tuple[Seat, ...]

    @property
    def minutes_kept(self) -> int:
        return sum(seat.minutes for seat in self.kept)


def consequence(
    episode: Episode,
    segment: Segment,
    after: Amount,
    on: date,
    keep: frozenset[int],
    standing: Sequence[Seat],
) -> Consequence:
    floor = terms_of(episode.program, on).floor_minutes
    return Consequence(
        before=amount_of(segment),
        after=after,
        floor=floor,
        below_floor=after.level == "iop" and after.minutes < floor,
        kept=tuple(seat for seat in standing if seat.weekday in keep),
        lost=tuple(seat for seat in standing if seat.weekday not in keep),
    )


def taper_of(episode: Episode) -> list[TaperStep]:
    """The planned steps that stand, taken or to come."""
    return list(TaperStep.objects.filter(episode=episode, dropped_at__isnull=True).order_by("starts_on"))
