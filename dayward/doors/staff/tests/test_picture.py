from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dayward.doors.staff.picture import (
    AXIS,
    FULL,
    LABEL_ROWS,
    LEFT,
    LETTER,
    MOST,
    NARROW,
    RIGHT,
    WIDE,
    Beside,
    Event,
    Measured,
    Missed,
    Scored,
    Shade,
    Stretch,
    WeekMinutes,
    Words,
    draw,
)

FIRST = date(2026, 9, 6)  # a Sunday
NOTHING = Words({}, {})
days = st.dates(FIRST, FIRST + timedelta(weeks=12))
events = st.lists(
    st.builds(Event, days, st.sampled_from(["Admitted", "On hold", "Assessment booked", "Active"])),
    max_size=14,
)


@given(events)
def test_labels_never_lie_over_one_another(found: list[Event]) -> None:
    picture = draw(FIRST, FIRST + timedelta(weeks=12), found, [], [], NOTHING)
    assert len(picture.events) == len(found)
    rows: dict[float, list[tuple[float, float]]] = {}
    for mark in picture.events:
        if mark.label:
            width = len(mark.label) * LETTER
            left = mark.x - width if mark.anchor == "end" else mark.x
            rows.setdefault(mark.y, []).append((left, left + width))
    assert len(rows) <= LABEL_ROWS
    for spans in rows.values():
        ordered = sorted(spans)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))
        assert all(left >= LEFT and right <= picture.width for left, right in ordered)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 1200))
def test_bars_stay_in_their_lane_and_keep_proportion(delivered: int, scheduled: int, floor: int) -> None:
    week = WeekMinutes(FIRST, delivered, scheduled, floor)
    bar = draw(FIRST, FIRST, [], [], [week], NOTHING).bars[0]
    assert bar.met is (delivered >= floor)
    assert 106 <= bar.y <= AXIS and 106 <= bar.outline_y <= AXIS
    assert (bar.height > bar.outline_height) <= (delivered > scheduled)


@given(st.integers(0, 300))
def test_a_long_course_shows_its_latest_weeks_and_today(weeks: int) -> None:
    today = FIRST + timedelta(weeks=weeks)
    picture = draw(FIRST, today, [], [], [], NOTHING)
    assert picture.width <= max(LEFT + RIGHT + MOST * NARROW, LEFT + RIGHT + FULL)
    assert picture.today is not None and LEFT <= picture.today <= picture.width


def test_the_latest_events_keep_their_words_when_room_is_short() -> None:
    """Four things on one day and three rows: the first of them gives way."""
    names = ["Inquiry", "Screened", "Assessed", "Level of care decided"]
    picture = draw(FIRST, FIRST, [Event(FIRST, name) for name in names], [], [], NOTHING)
    assert [mark.label for mark in picture.events] == ["", "Screened", "Assessed", "Level of care decided"]
    assert picture.events[0].title == "Inquiry"


def test_an_open_stretch_reaches_today_and_one_that_is_over_ends() -> None:
    today = FIRST + timedelta(weeks=4)
    open_end, over = (
        Stretch("Intensive outpatient", FIRST, None),
        Stretch("Hold: hospital", FIRST, FIRST + timedelta(weeks=1), "hold"),
    )
    first, second = draw(FIRST, today, [], [open_end, over], [], NOTHING).stretches
    assert first.x + first.width > picture_x(4) and second.width == WIDE
    assert (first.label, second.label) == ("Intensive outpatient", "")  # no room: the title says it


def picture_x(weeks: int) -> float:
    return LEFT + weeks * WIDE


def test_lanes_below_the_hours_line_up_with_the_weeks() -> None:
    day = FIRST + timedelta(weeks=2)
    shades = (Shade(0, 9, "mild"), Shade(10, 27, "more"))
    scores = (Scored(FIRST, 20, "more"), Scored(day, 8, "mild"))
    beside = Beside(
        missed=[Missed(day, "Group: no-show", excused=False)],
        measured=[Measured("PHQ-9", 27, 6, shades, scores)],
        changed=[Event(day, "Sertraline 50 mg", "start")],
    )
    picture = draw(FIRST, FIRST + timedelta(weeks=4), [], [], [], NOTHING, beside)
    (lane,) = picture.measured
    assert picture.missed[0].x == lane.last.x == picture.changed[0].x == picture_x(2)
    assert lane.dots[0].y < lane.last.y  # a lower score stands lower
    assert lane.bracket[1] < lane.dots[0].y < lane.bracket[2]
    assert [each.key for each in picture.lanes] == ["events", "level", "missed", "PHQ-9", "changed"]
    heights = [each.y for each in picture.lanes]
    assert heights == sorted(heights) and picture.foot < picture.height
