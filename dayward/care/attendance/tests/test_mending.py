"""Which seats mend a week, and what each would make up for. No database: rows that were never stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dayward.care.attendance.queries.context import WeekFrame
from dayward.care.attendance.queries.mending import mending
from dayward.care.attendance.rules.floors import Floor, KindWords
from dayward.care.attendance.rules.person_week import foresee
from dayward.care.attendance.rules.weeks import ServiceSpan
from dayward.care.attendance.tests.test_counted import CHICAGO, FRI, MON, SAT, SUNDAY, WED
from dayward.care.attendance.tests.test_kinds import GROUP, GROUPS, NO, PEER, PROGRAM, YES, payer, week
from dayward.care.catalog.models import ServiceKind
from dayward.care.schedule.models import Booking, Session
from dayward.care.schedule.queries.seats import SeatFound
from dayward.care.schedule.times import to_range
from dayward.foundation.organization.models import Site
from dayward.kernel.spans import Span
from dayward.kernel.time import WeekDefinition, at

KINDS = {
    GROUP: ServiceKind(pk=GROUP, key="group-therapy"),
    PEER: ServiceKind(pk=PEER, key="peer-support-group"),
}
SITE = Site(time_zone=CHICAGO.key)
FRAME = cast(
    WeekFrame,
    SimpleNamespace(
        span=ServiceSpan(SUNDAY, SUNDAY + timedelta(days=7), WeekDefinition.SUNDAY), zone=CHICAGO
    ),
)


def meeting(day: date, kind: int = GROUP) -> Session:
    during = to_range(Span(at(day, time(13), CHICAGO), at(day, time(16), CHICAGO)))
    return Session(site=SITE, service=KINDS[kind], topic="Coping", during=during)


def seat(day: date, kind: int = GROUP) -> SeatFound:
    return SeatFound(meeting(day, kind), day, str(day), 180, kind == GROUP, 4)


def missed(day: date) -> Booking:
    return Booking(session=meeting(day))


def offered(seats: list[SeatFound], rows: list[Booking], *floors: Floor) -> list[tuple[date, Any]]:
    """Six hours are there; three are missing to nine."""
    found = mending(foresee(week(*GROUPS, floors=floors or (PROGRAM,))), FRAME, seats, rows)
    return [(each.seat.day, each.missed) for each in found]


def test_only_seats_of_that_week_mend_it() -> None:
    before, after = SUNDAY - timedelta(days=1), SAT + timedelta(days=1)
    assert offered([seat(before), seat(after)], []) == []
    assert offered([seat(before), seat(SAT), seat(after)], []) == [(SAT, None)]


def test_rather_a_seat_that_makes_up_for_something() -> None:
    row = missed(WED)
    assert offered([seat(MON), seat(FRI)], [row]) == [(FRI, row)]
    assert offered([seat(MON)], [row]) == [(MON, None)]


@pytest.mark.parametrize(("days", "pairs"), [(0, True), (7, False)])
def test_what_would_be_carried_back_does_not_mend_this_week(days: int, pairs: bool) -> None:
    """Missed on the Saturday before: where the program carries back, its make-up counts there."""
    row = missed(SUNDAY - timedelta(days=1))
    found = offered([seat(MON)], [row], replace(PROGRAM, carry_back_days=days))
    assert found == [(MON, row if pairs else None)]


def test_a_seat_counts_for_everybody_whose_floor_would_be_missed() -> None:
    peers, group = seat(FRI, PEER), seat(SAT)
    counts = KindWords(PEER, "Peer support group", (YES,))
    assert offered([peers, group], [], PROGRAM, payer(counts)) == [(SAT, None)]
    met = replace(PROGRAM, minutes=300)
    assert offered([peers, group], [], met, payer(counts)) == [(FRI, None)]
    assert offered([peers, group], [], met, payer(KindWords(GROUP, "Group", (NO,)))) == []
