from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dayward.chart.plans import checks, library
from dayward.chart.plans.rules import team
from dayward.chart.plans.rules.starters import in_order, starter_for
from dayward.chart.safety.rules.qualification import Held
from dayward.kernel.errors import Misconfigured

DAY = date(2026, 11, 20)


@pytest.mark.parametrize("example", library.starter_examples(), ids=lambda row: row["code"])
def test_the_starter_that_fits_comes_first(example: dict[str, Any]) -> None:
    found = in_order([example["code"]], example["stream"], library.starters().values())
    assert found[0].key == example["first"]
    best = starter_for(example["code"], library.starters().values())
    assert best is None or best.key == example["first"]


@pytest.mark.parametrize("example", library.seat_examples(), ids=str)
def test_the_seat_somebody_signs_in(example: dict[str, Any]) -> None:
    held = [Held(example["credential"], "", DAY + timedelta(days=1))]
    free = team.free_seats(library.seats(), example["taken"])
    assert team.choose(library.seats(), free, held, DAY) == example["seat"]


def test_what_is_shipped_passes_the_check() -> None:
    assert checks.check_library() == []


def test_every_stream_has_a_starter() -> None:
    streams = {stream for each in library.starters().values() for stream in each.streams}
    assert streams == {"mental_health", "substance_use", "co_occurring"}


WHOLE = {
    "title": "x",
    "statement": "x",
    "codes": [],
    "streams": ["mental_health"],
    "ask": "x",
    "objective": [{"text": "x", "target": "x", "weeks": 2}],
    "education": {"text": "x"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"streams": []},
        {"streams": ["moon"]},
        {"extra": 1},
        {"objective": [{"text": "x", "target": "x", "weeks": 0}]},
        {"objective": [{"text": "x", "target": "x", "weeks": 2, "measure": "mine"}]},
        {"objective": [{"text": "x"}]},
        {"education": {}},
    ],
)
def test_a_malformed_starter_is_refused(change: dict[str, Any]) -> None:
    assert library.starter(WHOLE, "whole").title == "x"
    with pytest.raises(Misconfigured, match="starters/broken"):
        library.starter({**WHOLE, **change}, "broken")


SEAT = {"title": "x", "kinds": ["nurse"], "source": "here"}


@pytest.mark.parametrize(
    "seats",
    [
        {"a": SEAT, "b": SEAT},
        {"a": SEAT, "b": SEAT, "c": {**SEAT, "kinds": []}},
        {"a": SEAT, "b": SEAT, "c": {**SEAT, "kinds": ["wizard"]}},
        {"a": SEAT, "b": SEAT, "c": {**SEAT, "source": ""}},
        {"a": SEAT, "b": SEAT, "c": {"title": "x"}},
    ],
)
def test_fewer_than_three_seats_or_a_malformed_one_is_refused(seats: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match="team/broken"):
        library.read_seats({"seat": seats}, "broken")


def test_a_library_that_cannot_be_read_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "HOME", tmp_path)
    (tmp_path / "starters").mkdir()
    for cached in (library.starters, library.beginning, library.seats):
        cached.cache_clear()
    try:
        assert {message.id for message in checks.check_library()} == {"plans.E001"}
    finally:
        for cached in (library.starters, library.beginning, library.seats):
            cached.cache_clear()
