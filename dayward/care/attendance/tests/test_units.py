"""Unit engines: the tables of requirements 5.4, minute by minute where it matters."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.attendance.rules.units import (
    ENGINES,
    EightMinute,
    Engine,
    FullUnits,
    Midpoint,
    PerDiem,
    PerSession,
    Service,
    StartedUnits,
    TenthOfHour,
    WeeklyBundle,
    Work,
    billable,
)

HALF = Fraction(1, 2)
TABLE: list[tuple[Engine, dict[Any, Any]]] = [
    (EightMinute(), {0: 0, 7: 0, 7 + HALF: 0, 8: 1, 14: 1, 22: 1, 22 + HALF: 1, 23: 2, 37: 2, 38: 3}),
    (FullUnits(15), {0: 0, 14: 0, 14 + HALF: 0, 15: 1, 22: 1, 29: 1, 30: 2, 44: 2}),
    (FullUnits(30), {29: 0, 30: 1, 59: 1}),
    (FullUnits(60), {1: 0, 59: 0, 60: 1, 119: 1, 120: 2}),
    (StartedUnits(15), {0: 0, HALF: 1, 1: 1, 14: 1, 15: 1, 15 + HALF: 2, 16: 2, 22: 2, 30: 2}),
    (TenthOfHour(), {0: 0, 5: 0, 6: Fraction(1, 10), 11: Fraction(1, 10), 60: 1, 95: Fraction(15, 10)}),
    (PerSession(60), {0: 0, 59: 0, 60: 1, 90: 1}),
    (PerDiem(), {0: 0, 1: 1, 200: 1}),
]
ROWS = [(engine, minutes, units) for engine, row in TABLE for minutes, units in row.items()]


@pytest.mark.parametrize(("engine", "minutes", "units"), ROWS)
def test_one_service(engine: Engine, minutes: Fraction, units: Fraction) -> None:
    assert engine.count(Work((minutes,))).units == units


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (15, ""),
        (16, "90832"),
        (37, "90832"),
        (37 + HALF, "90832"),
        (38, "90834"),
        (52, "90834"),
        (53, "90837"),
    ],
)
def test_minutes_choose_the_code(minutes: Fraction, code: str) -> None:
    found = Midpoint().count(Work((minutes,)))
    assert found.code == code
    assert found.units == bool(code)


def test_the_eight_minute_rule_adds_the_day_first() -> None:
    """Three services of seven minutes are 21: one unit; each alone is none. Whole units never add up."""
    three = Work((7, 7, 7))
    assert EightMinute().count(three).units == 1
    assert FullUnits().count(Work((14, 14))).units == 0
    assert StartedUnits().count(three).units == 3


def test_the_same_22_minutes_by_three_engines_with_the_line_for_the_biller() -> None:
    lines = [
        str(engine.count(Work((22,))).because) for engine in (EightMinute(), FullUnits(), StartedUnits())
    ]
    assert lines == [
        "22 min are 1 whole units of 15 and 7 min; a rest of 8 or more is one more: 1.",
        "22 min: only whole units of 15 min count: 1.",
        "22 min: a unit of 15 min that has begun counts: 2.",
    ]


@pytest.mark.parametrize(("day_ok", "units"), [(None, 1), (True, 1), (False, 0)])
def test_a_day_is_paid_when_it_passes(day_ok: bool | None, units: int) -> None:
    assert PerDiem().count(Work((100, 70), day_ok)).units == units


@pytest.mark.parametrize(("given_", "units"), [(8, 0), (9, 1), (20, 1)])
def test_a_weekly_bundle_counts_services_that_were_given(given_: int, units: int) -> None:
    assert WeeklyBundle().count(Work((45,) * given_ + (0,))).units == units


def test_billable_gathers_by_the_period_of_the_engine() -> None:
    week, tue = date(2026, 11, 22), date(2026, 11, 24)
    services = [
        Service("counseling", tue, 10),
        Service("counseling", tue, 13),
        Service("session", tue, 60),
        Service("session", tue, 59),
        Service("day", tue, 170),
        Service("nobody pays", tue, 60),
    ]
    engines: dict[str, Engine] = {
        "counseling": EightMinute(),
        "session": PerSession(),
        "day": PerDiem(),
        "unused": PerDiem(),
    }
    found = billable(services, engines, week=week, days={tue: False})
    assert [(each.kind, each.day, int(each.units.units)) for each in found] == [
        ("counseling", tue, 2),
        ("day", tue, 0),
        ("session", tue, 1),
        ("session", tue, 0),
    ]
    bundle = billable(
        [Service("opioid program", date(2026, 11, 22 + n), 45) for n in range(7)],
        {"opioid program": WeeklyBundle(7)},
        week=week,
    )
    assert [(each.day, int(each.units.units)) for each in bundle] == [(week, 1)]


@pytest.mark.parametrize("name", ENGINES)
@given(minutes=st.lists(st.integers(0, 600 * 60).map(lambda seconds: Fraction(seconds, 60)), max_size=6))
def test_more_minutes_are_never_fewer_units_and_each_answer_says_why(
    name: str, minutes: list[Fraction]
) -> None:
    engine = ENGINES[name]()
    less, more = engine.count(Work(minutes)), engine.count(Work([*minutes, Fraction(30)]))
    assert 0 <= less.units <= more.units
    assert "%" not in str(less.because) and less.because.source == "requirements 5.4"
