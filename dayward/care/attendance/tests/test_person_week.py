"""How a week stands against each of its floors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dayward.care.attendance.rules.exemptions import Exemption, Reason, Stretch
from dayward.care.attendance.rules.floors import Floor
from dayward.care.attendance.rules.hours import Held, Presence
from dayward.care.attendance.rules.person_week import FloorState, Given, foresee
from dayward.care.attendance.rules.settings import Basis, Settings
from dayward.care.attendance.tests.test_counted import CHICAGO, FRI, MON, SAT, SUNDAY, WED, session
from dayward.kernel.time import WeekDefinition

OVER = SUNDAY + timedelta(days=7)
THREE = tuple(session(n, day, "09:00", "12:00") for n, day in enumerate((MON, WED, FRI)))
NOBODY_KNOWS = Stretch(Exemption(Reason.HOLD, "medical"), SUNDAY, None)


def week(
    floor: Floor, *, there: int, ahead: int, sessions: tuple[Held, ...] = THREE, exempt: bool = False
) -> Given:
    """Of three sessions of three hours the first `there` were attended, and the next `ahead` are still to come."""
    all_of = [Presence(each.id, each.span) for each in sessions]
    return Given(
        SUNDAY,
        CHICAGO,
        sessions,
        tuple(all_of[:there]),
        600,
        Settings(),
        (floor,),
        "",
        assumed=tuple(all_of[there : there + ahead]),
        reasons=(NOBODY_KNOWS,) if exempt else (),
    )


def asks(minutes: int = 540, test: Basis = Basis.DELIVERED) -> Floor:
    return Floor(minutes, "program", "Adult IOP", test)


MET, EXEMPT, NOT_MET = FloorState.MET, FloorState.EXEMPT, FloorState.NOT_MET
WILL_MISS, ON_THE_WAY = FloorState.WILL_MISS, FloorState.ON_THE_WAY
SCHEDULED, PRESCRIBED = asks(test=Basis.SCHEDULED), asks(test=Basis.PRESCRIBED)

# floor, sessions attended and still ahead of three, exempt, the day on which somebody looks
STATES = [
    (asks(), 3, 0, False, FRI, MET),  # what was delivered stays
    (asks(), 3, 0, False, OVER, MET),
    (asks(), 3, 0, True, OVER, MET),  # no reason is needed
    (asks(), 1, 2, False, WED, ON_THE_WAY),
    (asks(), 1, 1, False, WED, WILL_MISS),
    (asks(), 1, 1, False, SAT, WILL_MISS),  # the last day
    (asks(), 2, 0, False, OVER, NOT_MET),
    (asks(), 1, 1, True, WED, EXEMPT),
    (asks(), 1, 2, True, WED, ON_THE_WAY),  # a closed day that costs nothing silences nobody
    (asks(), 2, 0, True, OVER, EXEMPT),
    (asks(0), 0, 0, False, OVER, MET),
    (SCHEDULED, 0, 3, False, SUNDAY, ON_THE_WAY),  # a session may still be called off
    (SCHEDULED, 0, 0, False, OVER, MET),
    (asks(600, Basis.SCHEDULED), 0, 3, False, SUNDAY, WILL_MISS),
    (PRESCRIBED, 0, 0, False, SUNDAY, MET),  # the plan is what it is
    (asks(660, Basis.PRESCRIBED), 0, 3, False, SUNDAY, WILL_MISS),
    (asks(660, Basis.PRESCRIBED), 3, 0, False, OVER, NOT_MET),
]


@pytest.mark.parametrize(("floor", "there", "ahead", "exempt", "today", "state"), STATES)
def test_how_a_week_stands_against_a_floor(
    floor: Floor, there: int, ahead: int, exempt: bool, today: date, state: FloorState
) -> None:
    (found,) = foresee(week(floor, there=there, ahead=ahead, exempt=exempt)).floors
    assert found.state(today) is state


def test_a_floor_whose_week_ends_later_is_on_its_way_longer() -> None:
    """The program's week is over on Saturday, that of the payer one day after."""
    payers = Floor(540, "payer.1", "Lakeside Plan", week=WeekDefinition.MONDAY)
    (found,) = foresee(week(payers, there=2, ahead=0)).floors
    assert [found.state(OVER + timedelta(days=n)) for n in (0, 1)] == [WILL_MISS, NOT_MET]


@pytest.mark.parametrize(
    ("reason", "left", "exempt"),
    [
        (
            Reason.HOLIDAY,
            THREE[1:],
            True,
        ),  # one of three days is closed: six hours are left (requirements 5.6, E)
        (Reason.HOLIDAY, THREE, False),  # they had nothing on that day
        (Reason.WEATHER, THREE, False),
        (Reason.CLOSURE, THREE, False),
        (Reason.HOLD, THREE, True),  # what others decided of a person holds in any case
        (Reason.EXCUSED, THREE, True),
    ],
)
def test_a_closed_day_exempts_only_who_could_not_reach_the_floor(
    reason: Reason, left: tuple[Held, ...], exempt: bool
) -> None:
    closed = Stretch(Exemption(reason, "Founders' Day"), MON, WED)
    given = replace(week(asks(), there=1, ahead=0, sessions=left), reasons=(closed,))
    assert (foresee(given).now.exemption is not None) is exempt


def test_a_closed_day_may_cost_one_floor_and_not_another() -> None:
    """Nine hours were left: enough for the program, and one short of what the payer asks for."""
    closed = Stretch(Exemption(Reason.HOLIDAY, "Founders' Day"), SUNDAY, MON)
    payers = Floor(600, "payer.1", "Lakeside Plan")
    given = replace(week(asks(), there=2, ahead=0), floors=(asks(), payers), reasons=(closed,))
    assert [each.state(OVER) for each in foresee(given).floors] == [NOT_MET, EXEMPT]
