"""What a step to fewer days changes, before it happens: hours against the floor, and the sessions that fall away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from dayward.care.journey.calendars import Seat, seats
from dayward.care.journey.models import Episode, Segment, TaperStep
from dayward.care.journey.queries.facts import open_segments, terms_of
from dayward.care.journey.rules.stepping import OP_LEAST, Amount
from dayward.kernel.gathering import read


def amount_of(row: Segment | TaperStep) -> Amount:
    return Amount(row.level, row.days_per_week, row.prescribed_minutes)


def seats_of(episode: Episode, day: date) -> list[Seat]:
    """Standing seats from a day on, as the schedule knows them."""
    return [seat for provider in seats.values() for seat in provider(episode=episode.pk, on=day)]


@dataclass(frozen=True)
class Day:
    """The groups of one weekday, and what they count together."""

    name: str
    titles: str
    minutes: int


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
    def least(self) -> int:
        """What the week from then on has to reach: the program's floor, or three hours of outpatient care (N12)."""
        return OP_LEAST if self.after.level == "op" else self.floor

    @property
    def minutes_kept(self) -> int:
        return sum(seat.minutes for seat in self.kept)

    @property
    def days_kept(self) -> list[Day]:
        return _by_day(self.kept)

    @property
    def days_lost(self) -> list[Day]:
        return _by_day(self.lost)


def _by_day(rows: Sequence[Seat]) -> list[Day]:
    days = [list(each) for _weekday, each in groupby(rows, key=lambda seat: seat.weekday)]
    return [
        Day(seats[0].day, ", ".join(seat.title for seat in seats), sum(seat.minutes for seat in seats))
        for seats in days
    ]


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


def taper_of(episode: Episode) -> QuerySet[TaperStep]:
    """The planned steps that stand, taken or to come."""
    return TaperStep.objects.filter(episode=episode, dropped_at__isnull=True).order_by("starts_on")


def under_way(episode: Episode) -> tuple[Segment | None, list[TaperStep]]:
    """The segment that is open, and the taper planned for it; one statement."""
    segments, steps = read([open_segments(episode), taper_of(episode)])
    return next(iter(segments), None), steps
