"""The seats of a week that would mend it, and the missed session that each would make up for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dayward.care.attendance.queries.context import WeekFrame
from dayward.care.attendance.queries.makeups import made_up_by
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.makeups import Offer, that_mend, within
from dayward.care.attendance.rules.person_week import Outlook
from dayward.care.schedule.models import Booking
from dayward.care.schedule.queries.seats import SeatFound
from dayward.kernel.time import local_day


@dataclass(frozen=True)
class MendingSeat:
    """A seat of this week that would mend it, and the missed session it makes up for, where there is one."""

    seat: SeatFound
    missed: Booking | None


def mending(
    outlook: Outlook, frame: WeekFrame, seats: Iterable[SeatFound], missed: Sequence[Booking]
) -> tuple[MendingSeat, ...]:
    """Rather those that make up for something; others where these are not enough."""
    floors = [floor for floor, short_by in outlook.shortages if short_by]
    week = [seat for seat in seats if frame.span.holds(seat.day) and _counts_for(seat, floors)]
    fit = [seat for seat in week if _makes_up(seat, frame, floors, missed)]
    return _paired(_enough(outlook, fit) or _enough(outlook, week), frame, floors, missed)


def _counts_for(seat: SeatFound, floors: Iterable[Floor]) -> bool:
    """For everybody whose floor will be missed."""
    kind = seat.session.service_id
    return all(floor.counts(kind, seat.day, otherwise=seat.counts) for floor in floors)


def _makes_up(
    seat: SeatFound, frame: WeekFrame, floors: Iterable[Floor], missed: Iterable[Booking]
) -> Booking | None:
    """What it would make up for, of what leaves the minutes in this week: not what they would be carried back to."""
    return made_up_by(seat, [row for row in missed if not _carried_back(seat, row, frame, floors)])


def _carried_back(seat: SeatFound, row: Booking, frame: WeekFrame, floors: Iterable[Floor]) -> bool:
    day = local_day(row.session.span.start, frame.zone)
    return not frame.span.holds(day) and any(within(day, seat.day, each.carry_back_days) for each in floors)


def _enough(outlook: Outlook, seats: Iterable[SeatFound]) -> tuple[SeatFound, ...]:
    offers = {_offer(seat): seat for seat in seats}
    return tuple(offers[offer] for offer in that_mend(outlook.short_by, list(offers)))


def _offer(seat: SeatFound) -> Offer:
    return Offer(seat.session.span, seat.day, seat.session.public_id, seat.minutes, seats_left=seat.left)


def _paired(
    seats: Iterable[SeatFound], frame: WeekFrame, floors: Sequence[Floor], missed: Iterable[Booking]
) -> tuple[MendingSeat, ...]:
    """Nothing is made up for twice."""
    left, found = list(missed), []
    for seat in seats:
        row = _makes_up(seat, frame, floors, left)
        if row is not None:
            left.remove(row)
        found.append(MendingSeat(seat, row))
    return tuple(found)
