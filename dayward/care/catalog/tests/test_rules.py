"""The library of services and a program's numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dayward.care.catalog.rules.library import Malformed, read_kind
from dayward.care.catalog.rules.terms import (
    Problem,
    Stay,
    Terms,
    Warn,
    floor_needs_reason,
    prescription_warnings,
    problems,
    stay,
    warnings,
)
from dayward.care.catalog.services import LIBRARY, library_kinds

FILES = sorted(LIBRARY.glob("*.toml"))
GOOD = (LIBRARY / "group-therapy.toml").read_text(encoding="utf-8")
USUAL = Terms("adult", 540, 600, 3, 5, 3, 5, 42, 63, 84)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_library_file_is_well_formed_and_its_examples_come_out(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    kind = read_kind(text, stem=path.stem)  # type: ignore[attr-defined]
    for example in kind.examples:
        assert kind.toward_floor(example.delivered_minutes) == example.toward_floor


def test_all_services_of_the_articles_are_there() -> None:
    assert {kind.requirement for kind in library_kinds()} == {f"S{n:02}" for n in range(1, 29)}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('form = "group"', 'form = "circle"', "form 'circle' is none of"),
        ('counting = "yes"', 'counting = "maybe"', "counting 'maybe' is none of"),
        ("max_people = 12", "max_people = 0", "above zero"),
        ("max_people = 12", 'max_people = "12"', "max_people is not a int"),
        ("max_people = 12", "max_people = true", "max_people is not a int"),
        ("max_people = 12", "", "missing: max_people"),
        ("max_people = 12", "max_people = 12\nprice = 5", "unknown: price"),
        ("toward_floor = 60", "toward_floor = 59", "does not come out"),
        ("[[example]]", "[[sample]]", "unknown: sample"),
        ('key = "group-therapy"', 'key = "group"', "differs from the file name"),
        ('name = "', 'name = ""  # "', "name is not a str"),
        ("key =", "key", "not TOML"),
    ],
)
def test_a_malformed_file_is_refused_with_what_is_wrong(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(Malformed, match=words):
        read_kind(GOOD.replace(old, new, 1), stem="group-therapy")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"hours_day_min": 6}, Problem.HOURS_BAND),
        ({"days_week_max": 2}, Problem.DAYS_BAND),
        ({"days_week_max": 8}, Problem.DAYS_BAND),
        ({"stay_min_days": 70}, Problem.STAY_ORDER),
        ({"prescribed_minutes": 0}, Problem.NOTHING_PRESCRIBED),
    ],
)
def test_numbers_that_make_no_sense(change: dict[str, Any], found: Problem) -> None:
    assert problems(USUAL) == ()
    assert problems(replace(USUAL, **change)) == (found,)


@pytest.mark.parametrize(
    ("requirement", "change", "found"),
    [
        ("N01", {"hours_day_min": 2}, Warn.HOURS_OUTSIDE),
        ("N02", {"days_week_min": 2}, Warn.DAYS_OUTSIDE),
        ("N10", {"stay_min_days": 10, "stay_target_days": 30, "stay_max_days": 30}, Warn.SHORT_STAY),
        ("5.5", {"prescribed_minutes": 540}, Warn.NO_SLACK),
        ("5.1", {"prescribed_minutes": 500}, Warn.PRESCRIBED_UNDER_FLOOR),
        ("5.1", {"prescribed_minutes": 1200}, Warn.PARTIAL_HOSPITAL),
    ],
)
def test_bands_warn(requirement: str, change: dict[str, Any], found: Warn) -> None:
    assert warnings(USUAL) == ()
    assert warnings(replace(USUAL, **change)) == (found,)


@pytest.mark.parametrize(
    ("age_group", "floor", "gate"),
    [("adult", 540, False), ("adult", 539, True), ("adolescent", 360, False), ("adolescent", 300, True)],
)
def test_a_floor_under_the_usual_one_takes_a_reason(age_group: str, floor: int, gate: bool) -> None:
    assert floor_needs_reason(replace(USUAL, age_group=age_group, floor_minutes=floor)) is gate


def test_one_persons_week_against_the_bands() -> None:
    assert prescription_warnings(USUAL, minutes=600, days=3) == ()
    assert prescription_warnings(USUAL, minutes=600, days=2) == (Warn.DAYS_OUTSIDE,)
    assert prescription_warnings(USUAL, minutes=400, days=4) == (
        Warn.HOURS_OUTSIDE,
        Warn.PRESCRIBED_UNDER_FLOOR,
    )


@pytest.mark.parametrize(
    ("today", "days", "state", "must_end"),
    [
        (date(2026, 1, 1), 1, Stay.EARLY, False),
        (date(2026, 2, 11), 42, Stay.ON_COURSE, False),
        (date(2026, 3, 4), 63, Stay.ON_COURSE, False),
        (date(2026, 3, 5), 64, Stay.PAST_TARGET, False),
        (date(2026, 3, 25), 84, Stay.PAST_TARGET, True),
        (date(2026, 3, 26), 85, Stay.PAST_MAX, True),
    ],
)
def test_the_stay_against_the_programs_policy(today: date, days: int, state: Stay, must_end: bool) -> None:
    found = stay(date(2026, 1, 1), today, USUAL, hard=True)
    assert (found.days, found.state, found.must_end) == (days, state, must_end)
    assert not stay(date(2026, 1, 1), today, USUAL, hard=False).must_end
