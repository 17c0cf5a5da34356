"""Seats and pull-outs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dayward.kernel.spans import Span


@dataclass(frozen=True)
class Seats:
    """How many may sit there, and how many do. A room that holds fewer than the cap wins, in person."""

    cap: int
    room_seats: int | None
    taken: int

    @property
    def places(self) -> int:
        return self.cap if self.room_seats is None else min(self.cap, self.room_seats)

    @property
    def left(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def over(self) -> int:
        return max(self.taken - self.places, 0)

    @property
    def full(self) -> bool:
        return self.left == 0


def limited_by_room(seats: Seats) -> bool:
    """Whether the room, and not the group's own cap, is what limits."""
    return seats.room_seats is not None and seats.room_seats < seats.cap


@dataclass(frozen=True)
class Held:
    """A booking the person has already."""

    id: int
    span: Span
    is_pull_out: bool = False


def pull_out_of(wanted: Span, held: tuple[Held, ...]) -> Held | None:
    """The one booking that `wanted` may be pulled out of: it lies inside, and nothing else is touched.

    A booking as long as the other is no pull-out: then the person simply is not in the other.
    """
    touched = [each for each in held if each.span.overlaps(wanted)]
    if len(touched) != 1 or touched[0].is_pull_out:
        return None
    outer = touched[0]
    inside = outer.span.holds(wanted) and outer.span.length > wanted.length
    return outer if inside else None


class Fit(str, Enum):
    """How a wanted stretch meets what the person has already."""

    FREE = "free"
    INSIDE = "inside"  # it may be pulled out of the one it lies in
    AROUND = "around"  # what lies in it may be pulled out of it
    BLOCKED = "blocked"


def fit(wanted: Span, held: tuple[Held, ...]) -> tuple[Fit, tuple[Held, ...]]:
    """Where `wanted` can go beside `held`, and what it touches."""
    touched = tuple(each for each in held if each.span.overlaps(wanted))
    if not touched:
        return Fit.FREE, ()
    outer = pull_out_of(wanted, held)
    if outer is not None:
        return Fit.INSIDE, (outer,)
    around = all(
        not each.is_pull_out and wanted.holds(each.span) and each.span.length < wanted.length
        for each in touched
    )
    return (Fit.AROUND if around else Fit.BLOCKED), touched
