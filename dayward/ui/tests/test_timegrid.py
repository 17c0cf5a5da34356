from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.ui.timegrid import CSS_FILE, MAX_COLUMNS, MAX_LANES, STEP, Block, Column, Placed, css, lay_out

starts = st.integers(min_value=0, max_value=24 * 60 - 1)
blocks = st.builds(lambda start, length: Block(start, start + length, "x"), starts, st.integers(1, 300))


def rows(placed: Placed) -> set[tuple[int, int]]:
    return {
        (row, lane)
        for row in range(placed.row, placed.row + placed.span)
        for lane in range(placed.lane, placed.lane + placed.width)
    }


@given(st.lists(blocks, max_size=4))
def test_blocks_that_overlap_never_cover_each_other(found: list[Block]) -> None:
    column = lay_out([Column("Monday", tuple(found))]).columns[0]
    for i, one in enumerate(column.placed):
        assert one.lane + one.width - 1 <= column.lanes <= MAX_LANES
        for other in column.placed[i + 1 :]:
            if one.block.start < other.block.end and other.block.start < one.block.end:
                assert not {lane for _, lane in rows(one)} & {lane for _, lane in rows(other)}


@given(st.lists(blocks, max_size=30))
def test_every_block_has_a_place_inside_the_grid(found: list[Block]) -> None:
    grid = lay_out([Column("Monday", tuple(found))])
    placed = grid.columns[0].placed
    assert sorted(p.block.start for p in placed) == sorted(b.start for b in found)
    for one in placed:
        assert one.row >= 1
        assert one.row + one.span - 1 <= grid.rows


def test_a_block_alone_has_the_whole_width() -> None:
    grid = lay_out([Column("Monday", (Block(540, 590, "a"), Block(600, 660, "b"), Block(630, 660, "c")))])
    assert [(p.block.title, p.lane, p.width) for p in grid.columns[0].placed] == [
        ("a", 1, 2),
        ("b", 1, 1),
        ("c", 2, 1),
    ]


def test_the_hours_stretch_to_the_first_and_last_block() -> None:
    grid = lay_out(
        [Column("Monday", (Block(6 * 60 + 30, 7 * 60, "early"), Block(19 * 60, 20 * 60 + 5, "late")))]
    )
    assert [grid.hours[0].label, grid.hours[-1].label] == ["6 am", "8 pm"]
    assert grid.columns[0].placed[0].row == 30 // STEP + 1


@pytest.mark.parametrize(("now", "row"), [(None, 0), (7 * 60, 0), (8 * 60, 1), (9 * 60, 13), (18 * 60, 0)])
def test_now_is_shown_only_inside_the_hours(now: int | None, row: int) -> None:
    assert lay_out([Column("Monday")], now=now).now_row == row


def test_columns_of_one_group_share_a_head() -> None:
    grid = lay_out([Column("Cedar", group="Mon"), Column("Birch", group="Mon"), Column("Cedar", group="Tue")])
    assert [(group.title, group.span) for group in grid.groups] == [("Mon", 2), ("Tue", 1)]


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        lay_out([Column("x")] * (MAX_COLUMNS + 1))


def test_the_stylesheet_is_up_to_date() -> None:
    assert CSS_FILE.read_text(encoding="utf-8") == css(), "run: python -m dayward.ui.timegrid"
