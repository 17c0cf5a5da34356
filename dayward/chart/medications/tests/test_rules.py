from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.chart.medications.rules.changes import (
    Change,
    Kind,
    Present,
    Status,
    possible,
    problems,
    status_after,
)
from dayward.chart.medications.rules.reconcile import Entry, side_by_side, substance
from dayward.chart.medications.rules.timeline import LEFT, WIDTH, Course, Point, Scores, Taken, draw

DAY = date(2026, 3, 2)
NOW = Present(Status.TAKING, "50 mg", "every morning", DAY - timedelta(days=30))
GOOD = Change(Kind.UP, DAY, "Still low", "100 mg", "every morning", DAY + timedelta(days=14))


def test_a_complete_change_has_no_problem() -> None:
    assert problems(GOOD, NOW, ours=True) == []


@pytest.mark.parametrize(
    ("change", "present", "says"),
    [
        (Change(Kind.UP, DAY, " ", "100 mg", "", DAY + timedelta(days=7)), NOW, "why"),
        (Change(Kind.UP, DAY, "x", "50 mg", "every morning", DAY + timedelta(days=7)), NOW, "new dose"),
        (Change(Kind.UP, DAY, "x", "100 mg", "every morning", None), NOW, "look at it again"),
        (Change(Kind.UP, DAY, "x", "100 mg", "every morning", DAY), NOW, "after the change"),
        (Change(Kind.RESUME, DAY, "x", next_look_on=DAY + timedelta(days=7)), NOW, "not possible"),
        (Change(Kind.STOP, DAY - timedelta(days=31), "x"), NOW, "before the medication began"),
        (Change(Kind.START, DAY, "x", "", "", DAY + timedelta(days=7)), None, "how often"),
    ],
)
def test_what_is_missing_is_said(change: Change, present: Present | None, says: str) -> None:
    found = problems(change, present, ours=True)
    assert len(found) == 1 and says in found[0]


def test_nobody_here_looks_again_at_what_others_prescribe() -> None:
    assert problems(Change(Kind.START, DAY, "told", "5 mg", "daily"), None, ours=False) == []
    assert problems(Change(Kind.START, DAY, "told", "5 mg", "daily"), None, ours=True)


@given(st.lists(st.sampled_from([kind for kind in Kind if kind is not Kind.START]), max_size=12))
def test_what_was_stopped_is_never_changed_again(kinds: list[Kind]) -> None:
    status = Status.TAKING
    for kind in kinds:
        if kind in possible(status):
            status = status_after(kind)
        if status is Status.STOPPED:
            assert possible(status) == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Sertraline 50 mg oral tablet", "sertraline"),
        ("24 HR Bupropion 150 MG Extended Release", "bupropion"),
        ("tablet, 10 mg, Lisinopril", "lisinopril"),
        ("5 mg", "5 mg"),
    ],
)
def test_the_substance_is_the_first_word_that_names_it(text: str, word: str) -> None:
    assert substance(text) == word


def test_three_lists_stand_side_by_side() -> None:
    lines = side_by_side(
        [
            Entry("outside", "Sertraline 50 mg tablet"),
            Entry("told", "sertraline, sometimes"),
            Entry("ours", "Sertraline 100 mg, every morning"),
            Entry("outside", "Trazodone 50 mg"),
        ]
    )
    assert [line.name for line in lines] == ["sertraline", "trazodone"]
    assert lines[0].agrees and not lines[1].agrees
    assert lines[1].outside == "Trazodone 50 mg" and lines[1].ours == ""


@given(
    st.lists(st.integers(0, 180), min_size=1, max_size=6, unique=True).map(sorted),
    st.lists(st.tuples(st.integers(-30, 220), st.integers(0, 27)), max_size=8),
)
def test_everything_lies_within_the_picture(starts: list[int], scores: list[tuple[int, int]]) -> None:
    days = [DAY + timedelta(days=n) for n in starts]
    ends = [*days[1:], None]
    course = Course("Sertraline", tuple(Taken(a, b, "50 mg") for a, b in zip(days, ends, strict=True)))
    points = tuple(Point(DAY + timedelta(days=n), value) for n, value in sorted(scores))
    picture = draw([course], [Scores("PHQ-9", 27, points)], DAY, DAY + timedelta(days=200))
    boxes = picture.lanes[0].boxes
    assert all(box.x >= LEFT and box.x + box.width <= WIDTH for box in boxes)
    assert [box.x for box in boxes] == sorted(box.x for box in boxes)
    assert all(
        LEFT <= dot.x <= WIDTH and 0 <= dot.y <= picture.height for line in picture.lines for dot in line.dots
    )
