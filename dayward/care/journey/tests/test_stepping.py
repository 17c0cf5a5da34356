"""Fewer days: the usual next step and a taper never give more, and end in outpatient care."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey.rules.stepping import (
    IOP_LEAST_DAYS,
    OP_LEAST,
    OP_MOST,
    Amount,
    is_less,
    next_step,
    taper,
)

DAY = date(2026, 3, 2)
FLOOR = 540
intensive = st.builds(Amount, st.just("iop"), st.integers(3, 5), st.integers(540, 1500))
any_amount = st.builds(Amount, st.sampled_from(("op", "iop")), st.integers(1, 7), st.integers(60, 1800))


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (Amount("iop", 5, 900), Amount("iop", 4, 720)),
        (Amount("iop", 4, 720), Amount("iop", 3, 540)),
        (Amount("iop", 4, 600), Amount("iop", 3, 540)),  # never under the floor
        (Amount("iop", 3, 540), Amount("op", 2, 360)),  # N12: three to six hours
        (Amount("iop", 3, 200), Amount("op", 2, 180)),
        (Amount("op", 2, 360), Amount("op", 1, 180)),
        (Amount("op", 1, 180), None),
    ],
)
def test_the_usual_next_step(now: Amount, then: Amount | None) -> None:
    assert next_step(now, FLOOR) == then


@pytest.mark.parametrize(
    ("new", "less"),
    [
        (Amount("iop", 3, 600), True),
        (Amount("iop", 4, 540), True),
        (Amount("op", 4, 600), True),
        (Amount("iop", 4, 600), False),
        (Amount("iop", 5, 300), False),
        (Amount("iop", 3, 660), False),
        (Amount("php", 3, 300), False),
    ],
)
def test_less_of_something_and_more_of_nothing(new: Amount, less: bool) -> None:
    assert is_less(new, Amount("iop", 4, 600)) is less


@given(any_amount)
def test_a_next_step_is_always_less(now: Amount) -> None:
    following = next_step(now, FLOOR)
    if following is not None and now.minutes >= OP_LEAST:
        assert is_less(following, now)
        assert following.days >= 1


@given(intensive)
def test_a_taper_goes_down_to_outpatient_care(now: Amount) -> None:
    steps = taper(now, FLOOR, DAY)
    assert steps[-1].amount.level == "op"
    assert OP_LEAST <= steps[-1].amount.minutes <= OP_MOST
    amounts = [now, *(step.amount for step in steps)]
    assert all(is_less(after, before) for before, after in pairwise(amounts))
    assert all(step.amount.minutes >= FLOOR for step in steps[:-1])
    assert len(steps) == now.days - IOP_LEAST_DAYS + 1
    assert [step.on for step in steps] == sorted({step.on for step in steps})
