"""Make-ups, floors, the spread of a week, and what the week will come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from dayward.care.attendance.rules.floors import Floor, floors_for
from dayward.care.attendance.rules.makeups import (
    SENTENCES,
    Missed,
    Obstacle,
    Offer,
    forecast,
    obstacles,
    rates,
    that_mend,
)
from dayward.care.attendance.rules.settings import Basis
from dayward.care.attendance.rules.spread import Gap, largest_gap, separate_days
from dayward.kernel.spans import Span

SUNDAY = date(2026, 11, 22)
MON, TUE, WED, THU, FRI, SAT = (SUNDAY + timedelta(days=n) for n in range(1, 7))
MISSED = Missed(WED, "relapse prevention")


def offer(day: date = SAT, minutes: int = 165, hour: int = 10, **more: Any) -> Offer:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    span = Span(start, start + timedelta(minutes=minutes))
    return Offer(**{"span": span, "day": day, "topic": MISSED.topic, "minutes": minutes, **more})


def test_a_free_seat_in_a_group_of_the_same_topic_makes_up() -> None:
    assert obstacles(MISSED, offer(seats_left=1, day_left=300, units_left=1)) == ()


@pytest.mark.parametrize(
    ("obstacle", "missed", "given", "more"),
    [
        (Obstacle.MADE_UP, Missed(WED, MISSED.topic, made_up=True), offer(), {}),
        (Obstacle.NOT_LATER, MISSED, offer(WED), {}),
        (Obstacle.TOPIC, MISSED, offer(topic="yoga"), {}),
        (Obstacle.FULL, MISSED, offer(seats_left=0), {}),
        (Obstacle.COLLIDES, MISSED, offer(), {"busy": [offer(minutes=1).span]}),
        (Obstacle.DAY_FULL, MISSED, offer(day_left=164), {}),
        (Obstacle.NO_UNITS, MISSED, offer(units_left=0), {}),
        (Obstacle.ALONE, MISSED, offer(group=False), {}),
    ],
)
def test_what_stands_against_a_make_up(
    obstacle: Obstacle, missed: Missed, given: Offer, more: dict[str, Any]
) -> None:
    assert obstacles(missed, given, **more) == (obstacle,)
    assert SENTENCES[obstacle]


def test_the_plan_may_allow_an_individual_session_instead() -> None:
    assert obstacles(MISSED, offer(group=False, topic=""), individual_allowed=True) == ()


def test_a_session_that_ends_when_the_other_begins_does_not_collide() -> None:
    before = Span(offer().span.start - timedelta(hours=1), offer().span.start)
    assert obstacles(MISSED, offer(), busy=[before]) == ()


def test_a_make_up_mends_the_dose_and_not_the_attendance() -> None:
    before = rates(expected=3, kept=2, prescribed=540, delivered=380)
    after = rates(expected=3, kept=2, prescribed=540, delivered=545)
    assert before.attendance == after.attendance == Fraction(2, 3)
    assert (before.dose, after.dose) == (Fraction(19, 27), Fraction(109, 108))
    assert rates(expected=0, kept=0, prescribed=0, delivered=0).dose is None


SO_FAR = "3 h 10 min still booked: "


@pytest.mark.parametrize(
    ("delivered", "short", "said"),
    [
        (380, 0, f"6 h 20 min so far and {SO_FAR}the floor of 9 h can be met."),
        (190, 160, f"3 h 10 min so far and {SO_FAR}2 h 40 min will be missing to the floor of 9 h."),
    ],
)
def test_the_week_as_it_will_end(delivered: int, short: int, said: str) -> None:
    found = forecast(delivered=delivered, ahead=190, floor=540)
    assert found.short_by == short
    assert str(found.because) == said


def test_an_exempt_week_says_so() -> None:
    found = forecast(delivered=375, ahead=0, floor=540, exempt="Thanksgiving")
    assert (
        str(found.because)
        == "2 h 45 min will be missing to the floor of 9 h; the week is exempt: Thanksgiving."
    )


def test_sessions_that_mend_a_week() -> None:
    thursday, friday, saturday = offer(THU, 90), offer(FRI, 165), offer(SAT, 180)
    assert that_mend(160, [saturday, friday, thursday]) == (friday,)  # the earliest that is enough alone
    assert that_mend(250, [saturday, friday, thursday]) == (friday, saturday)
    assert that_mend(250, [saturday, offer(SAT, 165, hour=11), thursday]) == (thursday, saturday)
    assert that_mend(500, [saturday, friday, thursday]) == ()
    assert that_mend(0, [saturday]) == ()


# -- floors ----------------------------------------------------------------------------------------------------------

ADULT = Floor(540, "program", "program terms")
MINOR = Floor(360, "program", "program terms", under_age=18)
PARTIAL = Floor(1200, "program", "program terms", level="php")
PAYER = Floor(600, "payer", "contract", Basis.SCHEDULED)
ALL = [MINOR, ADULT, PAYER, PARTIAL]


@pytest.mark.parametrize(
    ("level", "age", "floors"),
    [
        ("iop", 30, [PAYER, ADULT]),
        ("iop", 17, [PAYER, MINOR]),
        ("iop", 18, [PAYER, ADULT]),
        ("iop", None, [PAYER, ADULT]),
        ("php", 30, [PAYER, PARTIAL]),
        ("php", 17, [PAYER, PARTIAL]),
    ],
)
def test_the_narrowest_floor_of_each_who_asks(level: str, age: int | None, floors: list[Floor]) -> None:
    assert list(floors_for(ALL, level=level, age=age)) == floors
    assert list(floors_for(ALL[::-1], level=level, age=age)) == floors


def test_who_asks_stands_by_name() -> None:
    harbor, lakeside = Floor(540, "payer.z", "Harbor Plan"), Floor(540, "payer.a", "Lakeside Plan")
    assert floors_for([lakeside, harbor], level="iop", age=30) == (harbor, lakeside)


# -- spread ----------------------------------------------------------------------------------------------------------


def test_sessions_on_one_day_are_one_day() -> None:
    assert separate_days([MON, MON, WED]) == 2


@pytest.mark.parametrize(
    ("days", "holidays", "gap"),
    [
        ([], [], None),
        ([MON], [], None),
        ([MON, TUE], [], Gap(MON, TUE, 0)),
        ([FRI, MON, TUE], [], Gap(TUE, FRI, 2)),
        ([MON, SAT], [THU], Gap(MON, SAT, 3)),
        ([MON, WED, FRI], [], Gap(MON, WED, 1)),
    ],
)
def test_the_largest_gap(days: list[date], holidays: list[date], gap: Gap | None) -> None:
    assert largest_gap(days, holidays) == gap
