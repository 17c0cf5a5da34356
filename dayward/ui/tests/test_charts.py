from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.ui.charts import WIDTH, hours, sparkline, week_bar
from dayward.ui.tests.gallery.render import snippet

minutes = st.integers(0, 3000)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0 min"), (25, "25 min"), (60, "1 h"), (540, "9 h"), (565, "9 h 25 min")]
)
def test_minutes_in_words(value: int, words: str) -> None:
    assert hours(value) == words


@pytest.mark.parametrize(
    ("delivered", "scheduled", "floor", "word", "state"),
    [
        (540, 540, 540, "floor met", "ok"),
        (539, 540, 540, "on the way", "info"),
        (539, 539, 540, "will fall short", "warn"),
        (600, 0, 540, "floor met", "ok"),
        (300, 0, 0, "no floor set", "quiet"),
    ],
)
def test_the_word_beside_the_bar(delivered: int, scheduled: int, floor: int, word: str, state: str) -> None:
    bar = week_bar(delivered, scheduled=scheduled, floor=floor)
    assert (bar.word, bar.state) == (word, state)


@given(minutes, minutes, minutes, minutes)
def test_nothing_is_drawn_outside_the_bar(
    delivered: int, scheduled: int, floor: int, prescribed: int
) -> None:
    bar = week_bar(delivered, scheduled=scheduled, floor=floor, prescribed=prescribed)
    assert 0 <= bar.delivered <= bar.delivered + bar.scheduled <= WIDTH + 1
    assert 0 <= bar.floor <= WIDTH
    assert 0 <= bar.prescribed <= WIDTH


def test_the_bar_says_in_words_what_it_shows() -> None:
    html = snippet('{% week_bar delivered=375 floor=540 scheduled=570 name="This week" %}')
    assert 'aria-label="This week: 6 h 15 min of 9 h, 3 h 15 min to come, on the way"' in html


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_a_small_line_stays_in_its_box(values: list[float]) -> None:
    line = sparkline(values)
    for point in line.points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= 100
        assert 0 <= y <= 24
