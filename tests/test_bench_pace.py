"""A page's times without the slowness of the machine (benchmarks/pace.py)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pace import AROUND, at_full_pace, p95

TIMES = st.lists(st.floats(1, 1000), min_size=1, max_size=40)


def test_at_half_the_pace_a_page_takes_twice_as_long() -> None:
    assert at_full_pace([80.0] * 20, [1.0] * 20, best=0.5) == [40.0] * 20


def test_one_interrupted_piece_says_nothing_of_the_machine() -> None:
    pieces = [0.5] * AROUND + [50.0] + [0.5] * AROUND
    assert at_full_pace([80.0] * len(pieces), pieces, best=0.5) == [80.0] * len(pieces)


@given(TIMES, st.floats(0.1, 5))
def test_nothing_becomes_longer_than_it_was(times: list[float], best: float) -> None:
    pieces = [best * (1 + each / 100) for each in times]
    assert all(found <= was for found, was in zip(at_full_pace(times, pieces, best), times, strict=True))


def test_of_twenty_one_may_be_longer_than_the_95th_percentile() -> None:
    assert p95([*[1.0] * 19, 9.0]) == 1.0
    assert p95([*[1.0] * 18, 9.0, 9.0]) == 9.0
